import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { type PanelProps, usePanelPage } from "@/panels/page-context";
import { columnOf, scaleOf } from "@/panels/prepare/columns";
import { scatterOption } from "@/panels/prepare/plots";
import type { Columns } from "@/panels/queries";
import { columnsCsv, Drawn, describeRuns, RunWise } from "./run-wise";
import { useLook } from "./use-look";

/** One point a run; a click opens it. */
export default function ScatterPanel(props: PanelProps<"scatter">) {
  const { x, y, colour } = props.settings;
  const fields = ["name", x, y, colour].filter((field): field is string => field !== undefined);
  return (
    <RunWise
      missing={x && y ? undefined : "Choose two fields in the settings"}
      fields={[...new Set(fields)]}
      height={props.height}
    >
      {(columns) => <Points {...props} columns={columns} />}
    </RunWise>
  );
}

function Points({ settings, columns, height, title, exports }: PanelProps<"scatter"> & { columns: Columns }) {
  const { source } = usePanelPage();
  const look = useLook();
  const navigate = useNavigate();
  const { x = "", y = "", colour, xLog, yLog } = settings;
  const { option, drawn } = useMemo(
    () =>
      scatterOption(
        {
          x: scaleOf(x, columnOf(columns, x), xLog),
          y: scaleOf(y, columnOf(columns, y), yLog),
          colour: colour === undefined ? undefined : scaleOf(colour, columnOf(columns, colour), false),
          names: columnOf(columns, "name").map(String),
        },
        look,
      ),
    [columns, x, y, colour, xLog, yLog, look],
  );
  const open = (index: number) => {
    const [series] = option.series as { data: [number, number, number, number][] }[];
    const runId = columns.runs[series?.data[index]?.[3] ?? -1];
    if (runId) void navigate({ to: "/runs/$runId", params: { runId } });
  };
  return (
    <Drawn
      option={option}
      height={height}
      title={title}
      note={describeRuns(source, columns, drawn)}
      exports={exports}
      csv={() => columnsCsv(columns, [...columns.values.keys()])}
      onPick={({ index }) => open(index)}
    />
  );
}
