import { Link } from "@tanstack/react-router";
import { ChevronDown, CornerDownRight } from "lucide-react";
import { memo } from "react";
import type { RunRow } from "@/api/types";
import { colourVariable, type RunStyle } from "@/charts/prepare/colours";
import { shorten } from "@/state/format";
import { type Column, cellText } from "@/table/columns";
import { cx } from "@/ui/classes";
import { Status } from "@/ui/status";
import { Ago, Duration } from "@/ui/time";

interface RunCellProps {
  row: RunRow;
  column: Column;
  style: RunStyle | undefined;
  /** Name of the run it is nested in; empty when that run is not loaded. */
  parent: string | undefined;
  /** How deep the run is nested in rows above; nothing where the table is no tree. */
  depth: number | undefined;
  /** Whether the runs nested in this one are hidden; nothing when there are none. */
  fold: boolean | undefined;
  onFold: (id: string, closed: boolean) => void;
}

export const RunCell = memo(function RunCell(props: RunCellProps) {
  const { row, column } = props;
  const { info } = row;
  if (column.id === "name") return <Name {...props} />;
  if (column.kind !== "attribute") {
    const { text, full, missing } = cellText(row, column);
    if (missing)
      return (
        <span aria-hidden="true" className={cx("w-full px-3 text-line-strong", column.numeric && "text-right")}>
          –
        </span>
      );
    return (
      <span title={full} className={cx("num w-full truncate px-3", column.numeric && "text-right")}>
        {text}
      </span>
    );
  }
  return (
    <span className={cx("w-full truncate px-3 text-ink-2", column.numeric && "text-right")}>
      {fact(row, column.id, info)}
    </span>
  );
});

function fact(row: RunRow, id: string, info: RunRow["info"]) {
  if (id === "status") return <Status status={info.status} />;
  if (id === "start_time") return <Ago time={info.startTime} />;
  if (id === "end_time") return info.endTime === undefined ? null : <Ago time={info.endTime} />;
  if (id === "duration") return <Duration run={info} />;
  if (id === "user") return info.user;
  if (id === "run_id") return <span className="font-mono text-xs">{shorten(info.id, 12)}</span>;
  if (id === "parent_id" && info.parentId)
    return (
      <Link
        to="/runs/$runId"
        params={{ runId: info.parentId }}
        className="rounded-sm font-mono text-xs hover:text-accent"
      >
        {shorten(info.parentId, 12)}
      </Link>
    );
  if (id === "datasets") return row.inputs.map(({ dataset }) => dataset.name).join(", ");
  return null;
}

const indent = 18;

function Name({ row: { info }, style, parent, depth, fold, onFold }: RunCellProps) {
  return (
    <span
      className="flex w-full min-w-0 items-center gap-1.5 pr-2"
      style={{
        paddingLeft: 4 + Math.min(depth ?? 0, 6) * indent + (depth === undefined && parent !== undefined ? 8 : 0),
      }}
    >
      {fold === undefined ? (
        depth !== undefined && <span className="w-4 shrink-0" />
      ) : (
        <button
          type="button"
          tabIndex={-1}
          aria-label={`${fold ? "Show" : "Hide"} the runs nested in ${info.name}`}
          onClick={() => onFold(info.id, !fold)}
          className="shrink-0 rounded-sm text-ink-3 hover:bg-hover hover:text-ink"
        >
          <ChevronDown className={cx("size-4 transition-transform", fold && "-rotate-90")} />
        </button>
      )}
      {parent !== undefined && info.parentId && (
        <Link
          to="/runs/$runId"
          params={{ runId: info.parentId }}
          tabIndex={-1}
          title={`Nested in ${parent || info.parentId}`}
          aria-label={`Nested in ${parent || info.parentId}`}
          className="shrink-0 rounded-sm text-ink-3 hover:text-accent"
        >
          <CornerDownRight className="size-3.5" />
        </Link>
      )}
      {style && (
        <span
          aria-hidden="true"
          className="size-2.5 shrink-0 rounded-full"
          style={{ background: colourVariable(style) }}
        />
      )}
      <Link
        to="/runs/$runId"
        params={{ runId: info.id }}
        tabIndex={-1}
        title={info.name}
        className="truncate rounded-sm font-medium hover:text-accent hover:underline"
      >
        {info.name}
      </Link>
    </span>
  );
}
