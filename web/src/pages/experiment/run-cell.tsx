import { Link } from "@tanstack/react-router";
import { ChevronDown, CornerDownRight } from "lucide-react";
import { memo, type ReactNode } from "react";
import type { RunStatus } from "@/api/types";
import { colourVariable, type RunStyle } from "@/charts/prepare/colours";
import { formatDuration, shorten } from "@/state/format";
import { useNow } from "@/state/now";
import { type Column, cellText } from "@/table/columns";
import type { Value } from "@/table/rows/reader";
import { cx } from "@/ui/classes";
import { Skeleton } from "@/ui/state-views";
import { Status } from "@/ui/status";
import { Ago } from "@/ui/time";

export type Picked = (column: Column, value: Value, place: DOMRect) => void;

interface ValueCellProps {
  column: Column;
  /** Undefined while it is under way. */
  value: Value | undefined;
  digits: number;
  /** The ground of the cell, a colour. */
  ground: string | undefined;
  /** It is another value than in the row that is compared with. */
  differs: boolean;
  onPick: Picked;
}

/** A value that can be pressed: to filter by it, to copy it. */
export const ValueCell = memo(function ValueCell({ column, value, digits, ground, differs, onPick }: ValueCellProps) {
  if (value === undefined) return <Skeleton className="mx-3 h-3 w-3/5" />;
  const { text, full, missing } = cellText(value, column, digits);
  if (missing)
    return (
      <span aria-hidden="true" className={cx("w-full px-3 text-line-strong", column.numeric && "text-right")}>
        –
      </span>
    );
  return (
    <button
      type="button"
      tabIndex={-1}
      title={full}
      onClick={(event) => onPick(column, value, event.currentTarget.getBoundingClientRect())}
      style={ground ? { background: ground } : undefined}
      className={cx(
        "num size-full cursor-default truncate px-3 -outline-offset-2 hover:underline hover:decoration-line-strong hover:underline-offset-4",
        column.numeric ? "text-right" : "text-left",
        column.kind === "attribute" ? "text-ink-2" : "text-ink",
        differs && "bg-warn-soft",
      )}
    >
      <CellContent column={column} value={value} text={text} />
    </button>
  );
});

/** A value as it is read: a status with its sign, times as ages, ids shortened. */
export function CellContent({ column, value, text }: { column: Column; value: Value; text: string }): ReactNode {
  if (column.id === "status") return <Status status={value as RunStatus} />;
  if (column.id === "run_id" || column.id === "parent_id")
    return <span className="font-mono text-xs">{shorten(text, 12)}</span>;
  if ((column.id === "start_time" || column.id === "end_time") && typeof value === "number")
    return <Ago time={value} />;
  return text;
}

/** How long a run took, or has taken until now. */
export function DurationCell({
  start,
  end,
  status,
}: {
  start: Value | undefined;
  end: Value | undefined;
  status: Value | undefined;
}) {
  const now = useNow();
  const until = typeof end === "number" ? end : status === "running" ? now : undefined;
  if (typeof start !== "number" || until === undefined) return null;
  return (
    <span className="num w-full whitespace-nowrap px-3 text-right text-ink-2">{formatDuration(until - start)}</span>
  );
}

interface NameCellProps {
  id: string;
  name: Value | undefined;
  parentId: Value | undefined;
  style: RunStyle | undefined;
  depth: number;
  /** Whether the table is a tree: then every row has room for the sign that opens it. */
  tree: boolean;
  /** Whether what is below is shown; nothing when there is nothing. */
  open: boolean | undefined;
  onOpen: (open: boolean) => void;
  aside: ReactNode;
}

const indent = 18;
const deepest = 6;

export const OpenSign = ({
  open,
  label,
  onOpen,
}: {
  open: boolean;
  label: string;
  onOpen: (open: boolean) => void;
}) => (
  <button
    type="button"
    tabIndex={-1}
    aria-label={label}
    onClick={() => onOpen(!open)}
    className="grid size-6 shrink-0 place-items-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink"
  >
    <ChevronDown className={cx("size-4 transition-transform", !open && "-rotate-90")} />
  </button>
);

export const paddingOf = (depth: number): number => Math.min(depth, deepest) * indent;

export const NameCell = memo(function NameCell(props: NameCellProps) {
  const { id, depth, tree, open, style } = props;
  const name = typeof props.name === "string" ? props.name : id;
  const parent = typeof props.parentId === "string" && depth === 0 ? props.parentId : undefined;
  return (
    <span
      className="group/name flex w-full min-w-0 items-center gap-1.5 pr-1"
      style={{ paddingLeft: paddingOf(depth) + (tree ? 0 : 8) }}
    >
      {open === undefined ? (
        tree && <span className="w-6 shrink-0" />
      ) : (
        <OpenSign open={open} label={`${open ? "Hide" : "Show"} the runs nested in ${name}`} onOpen={props.onOpen} />
      )}
      {parent !== undefined && (
        <Link
          to="/runs/$runId"
          params={{ runId: parent }}
          tabIndex={-1}
          title={`Nested in the run ${parent}`}
          aria-label={`Nested in the run ${parent}`}
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
      {props.name === undefined ? (
        <Skeleton className="h-3 w-3/5" />
      ) : (
        <Link
          to="/runs/$runId"
          params={{ runId: id }}
          tabIndex={-1}
          title={name}
          className="min-w-0 truncate rounded-sm font-medium hover:text-accent hover:underline"
        >
          {name}
        </Link>
      )}
      <span className="grow" />
      <span className="opacity-0 focus-within:opacity-100 group-hover/name:opacity-100 has-aria-pressed:opacity-100">
        {props.aside}
      </span>
    </span>
  );
});
