import { useMemo } from "react";
import { type PanelProps, usePanelPage } from "@/panels/page-context";
import { columnOf, numbersOf, scaleOf } from "@/panels/prepare/columns";
import { cellsOf } from "@/panels/prepare/grid-cells";
import { contourOption, heatOption } from "@/panels/prepare/heat-plots";
import type { Columns } from "@/panels/queries";
import { columnsCsv, Drawn, describeRuns, RunWise, tableCsv } from "./run-wise";
import { useLook } from "./use-look";

/** The mean of a value over two fields, in cells or as lines of one height. */
export default function HeatPanel(props: PanelProps<"heat">) {
  const { x, y, value } = props.settings;
  const fields = [x, y, value].filter((field): field is string => field !== undefined);
  return (
    <RunWise
      missing={x && y && value ? undefined : "Choose two fields and a value in the settings"}
      fields={[...new Set(fields)]}
      height={props.height}
    >
      {(columns) => <Heat {...props} columns={columns} />}
    </RunWise>
  );
}

function Heat({ settings, columns, height, title, exports }: PanelProps<"heat"> & { columns: Columns }) {
  const { source } = usePanelPage();
  const look = useLook();
  const { x = "", y = "", value = "", look: way, xLog, yLog } = settings;
  const drawn = useMemo(() => {
    const across = scaleOf(x, columnOf(columns, x), xLog);
    const upright = scaleOf(y, columnOf(columns, y), yLog);
    const values = numbersOf(columnOf(columns, value));
    const present = values.filter((one, at) =>
      Number.isFinite(one + (across.values[at] ?? 0) + (upright.values[at] ?? 0)),
    ).length;
    const smooth = way === "contour" && across.kind === "number" && upright.kind === "number";
    if (smooth)
      return {
        option: contourOption(across, upright, values, value, look),
        present,
        csv: () => columnsCsv(columns, [...columns.values.keys()]),
      };
    const cells = cellsOf(across, upright, values);
    return {
      option: heatOption(cells, across, upright, value, look),
      present,
      csv: () =>
        tableCsv(
          [x, y, `mean of ${value}`, "runs"],
          cells.cells.map(([column, row, mean, runs]) => [cells.x[column] ?? "", cells.y[row] ?? "", mean, runs]),
        ),
    };
  }, [columns, x, y, value, way, xLog, yLog, look]);
  return (
    <Drawn
      option={drawn.option}
      height={height}
      title={title}
      note={describeRuns(source, columns, drawn.present)}
      exports={exports}
      csv={drawn.csv}
    />
  );
}
