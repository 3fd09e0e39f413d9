import { formatCount, formatDuration, formatNumber } from "@/state/format";
import type { Column } from "@/table/columns";
import type { GroupCell as Cell, Figures, Group } from "@/table/rows/reader";
import type { GroupFigure } from "@/table/settings";
import { cx } from "@/ui/classes";
import { OpenSign, paddingOf } from "./run-cell";

/** The value in which the runs of a group agree, and how many they are. */
export function GroupName({
  group,
  column,
  depth,
  open,
  onOpen,
}: {
  group: Group;
  column: Column | undefined;
  depth: number;
  open: boolean;
  onOpen: (open: boolean) => void;
}) {
  const value = group.value === null ? "none" : String(group.value);
  const title = column?.title ?? "";
  return (
    <span className="flex w-full min-w-0 items-center gap-1.5 pr-3" style={{ paddingLeft: paddingOf(depth) }}>
      <OpenSign open={open} label={`${open ? "Hide" : "Show"} the runs with ${title} ${value}`} onOpen={onOpen} />
      <span className="min-w-0 truncate" title={`${title} = ${value}`}>
        <span className="text-ink-3">{title} </span>
        <span className={cx("font-medium", group.value === null && "italic text-ink-2")}>{value}</span>
      </span>
      <span className="grow" />
      <span className="num shrink-0 rounded-sm bg-hover px-1.5 text-2xs text-ink-2">{formatCount(group.count)}</span>
    </span>
  );
}

export function figureOf(figures: Figures, figure: GroupFigure): number | undefined {
  return figure === "best" ? figures.best?.value : figures[figure];
}

/** What a column holds over the runs of a group; a press tells all of it. */
export function GroupValue({
  cell,
  column,
  figure,
  digits,
  onPick,
}: {
  cell: Cell | undefined;
  column: Column;
  figure: GroupFigure;
  digits: number;
  onPick: (figures: Figures, place: DOMRect) => void;
}) {
  if (!cell) return null;
  if ("same" in cell)
    return (
      <span className="w-full truncate px-3 text-ink-2" title={cell.same}>
        {cell.same}
      </span>
    );
  if ("distinct" in cell)
    return <span className="w-full truncate px-3 text-ink-3">{formatCount(cell.distinct)} different</span>;
  const { figures } = cell;
  const value = figureOf(figures, figure);
  if (value === undefined || figures.count === 0) return null;
  const read = (one: number, precise: number) =>
    column.id === "duration" ? formatDuration(one) : formatNumber(one, precise);
  return (
    <button
      type="button"
      tabIndex={-1}
      title={String(value)}
      onClick={(event) => onPick(figures, event.currentTarget.getBoundingClientRect())}
      className={cx("num size-full cursor-default truncate px-3 -outline-offset-2", column.numeric && "text-right")}
    >
      {read(value, digits)}
      {figure === "mean" && figures.count > 1 && column.id !== "duration" && (
        <span className="text-2xs text-ink-3"> ±{read(figures.deviation, 2)}</span>
      )}
    </button>
  );
}
