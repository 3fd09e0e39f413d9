import { useMemo } from "react";
import { fieldOf } from "@/api/filter";
import { isSystem } from "@/charts/prepare/groups";
import { type PanelProps, usePanelPage } from "@/panels/page-context";
import { columnOf, isNumeric, numbersOf } from "@/panels/prepare/columns";
import { type Correlation, matrixOption } from "@/panels/prepare/heat-plots";
import { spearman } from "@/panels/prepare/statistics";
import type { Columns } from "@/panels/queries";
import { Drawn, describeRuns, RunWise, tableCsv } from "./run-wise";
import { useLook } from "./use-look";

const mostParams = 16;
const mostMetrics = 10;

/** How params and metrics go together over all runs: Spearman's rank correlation of each pair that is numbers. */
export default function MatrixPanel(props: PanelProps<"matrix">) {
  const page = usePanelPage();
  const params = useMemo(
    () => props.settings.params ?? page.params.slice(0, mostParams).map((key) => fieldOf("params", key)),
    [props.settings.params, page.params],
  );
  const metrics = useMemo(
    () =>
      props.settings.metrics ??
      page.metrics
        .filter((key) => !isSystem(key))
        .slice(0, mostMetrics)
        .map((key) => fieldOf("metrics", key)),
    [props.settings.metrics, page.metrics],
  );
  return (
    <RunWise
      missing={params.length > 0 && metrics.length > 0 ? undefined : "There are no params or no metrics to compare"}
      fields={[...params, ...metrics]}
      height={props.height}
    >
      {(columns) => <Matrix {...props} columns={columns} params={params} metrics={metrics} />}
    </RunWise>
  );
}

interface MatrixProps extends PanelProps<"matrix"> {
  columns: Columns;
  params: readonly string[];
  metrics: readonly string[];
}

function Matrix({ columns, params, metrics, height, title, exports }: MatrixProps) {
  const { source } = usePanelPage();
  const look = useLook();
  const { option, cells, texts } = useMemo(() => {
    const numeric = params.filter((field) => isNumeric(columnOf(columns, field)));
    const values = new Map([...numeric, ...metrics].map((field) => [field, numbersOf(columnOf(columns, field))]));
    const found = numeric.flatMap((param) =>
      metrics.map(
        (metric): Correlation => ({ param, metric, ...spearman(values.get(param) ?? [], values.get(metric) ?? []) }),
      ),
    );
    return { option: matrixOption(numeric, metrics, found, look), cells: found, texts: params.length - numeric.length };
  }, [columns, params, metrics, look]);
  const note = `${describeRuns(source, columns, columns.runs.length)}; rank correlation${texts > 0 ? `; ${texts === 1 ? "a param is text" : `${texts} params are texts`}` : ""}`;
  return (
    <Drawn
      option={option}
      height={height}
      title={title}
      note={note}
      exports={exports}
      csv={() =>
        tableCsv(
          ["param", "metric", "spearman", "runs"],
          cells.map((cell) => [cell.param, cell.metric, cell.value, cell.count]),
        )
      }
    />
  );
}
