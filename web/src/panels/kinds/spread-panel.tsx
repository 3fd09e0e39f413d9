import { useMemo } from "react";
import { type PanelProps, usePanelPage } from "@/panels/page-context";
import { columnOf, numbersOf } from "@/panels/prepare/columns";
import { barOption, boxOption, histogramOption } from "@/panels/prepare/plots";
import { barsOf, boxOf, groupValues, histogram } from "@/panels/prepare/statistics";
import type { Columns } from "@/panels/queries";
import { formatCount } from "@/state/format";
import { columnsCsv, Drawn, describeRuns, RunWise, tableCsv } from "./run-wise";
import { useLook } from "./use-look";

type SpreadProps = PanelProps<"bar"> | PanelProps<"box"> | PanelProps<"histogram">;

const mostBars = 40;
const mostBoxes = 24;

/** A value of runs: as bars, as boxes or violins by another field, or as how often it occurs. */
export default function SpreadPanel(props: SpreadProps) {
  const { settings } = props;
  const by = settings.kind === "histogram" ? undefined : settings.by;
  const fields = ["name", settings.value, by].filter((field): field is string => field !== undefined);
  return (
    <RunWise
      missing={settings.value ? undefined : "Choose a field in the settings"}
      fields={[...new Set(fields)]}
      height={props.height}
    >
      {(columns) => <Values {...props} columns={columns} />}
    </RunWise>
  );
}

function Values({ settings, columns, height, title, exports }: SpreadProps & { columns: Columns }) {
  const { source } = usePanelPage();
  const look = useLook();
  const drawn = useMemo(() => {
    const field = settings.value ?? "";
    const values = numbersOf(columnOf(columns, field));
    const present = values.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0);
    if (settings.kind === "histogram") {
      const bins = histogram(values, settings.bins, settings.xLog ?? false);
      return {
        option: histogramOption(bins, field, settings.xLog ?? false, look),
        present,
        more: undefined,
        csv: () =>
          tableCsv(
            ["from", "to", "runs"],
            bins.map(({ from, to, count }) => [from, to, count]),
          ),
      };
    }
    const by = settings.by === undefined ? undefined : columnOf(columns, settings.by);
    if (settings.kind === "box") {
      const { groups, omitted } = groupValues(values, by, mostBoxes);
      const boxes = groups.map((group) => boxOf(group.name, group.values)).filter((box) => box !== undefined);
      return {
        option: boxOption(boxes, settings.violin ?? false, settings.yLog ?? false, look),
        present,
        more: omitted > 0 ? `${formatCount(omitted)} rarer values left out` : undefined,
        csv: () => columnsCsv(columns, [...columns.values.keys()]),
      };
    }
    const { bars, omitted } = barsOf(values, by, columnOf(columns, "name").map(String), mostBars);
    return {
      option: barOption(bars, field, look),
      present,
      more: omitted > 0 ? `the ${mostBars} greatest of ${formatCount(omitted + bars.length)}` : undefined,
      csv: () =>
        tableCsv(
          ["name", field, "deviation", "runs"],
          bars.map((bar) => [bar.name, bar.value, bar.deviation, bar.count]),
        ),
    };
  }, [settings, columns, look]);
  const note = [describeRuns(source, columns, drawn.present), drawn.more].filter(Boolean).join("; ");
  return <Drawn option={drawn.option} height={height} title={title} note={note} exports={exports} csv={drawn.csv} />;
}
