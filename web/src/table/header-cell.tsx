import {
  ArrowDown,
  ArrowLeft,
  ArrowRight,
  ArrowUp,
  ChevronDown,
  EyeOff,
  Group,
  Paintbrush,
  Pin,
  PinOff,
  Target,
  TrendingUp,
} from "lucide-react";
import { type DragEvent, type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import type { SortKey } from "@/state/url";
import { cx } from "@/ui/classes";
import { Menu, MenuItem, MenuLine } from "@/ui/menu";
import { type Column, canGroup, describeColumn, sortField } from "./columns";
import type { Goal } from "./goals";

interface HeaderCellProps {
  column: Column;
  sort: readonly SortKey[];
  pinned: boolean;
  grouped: boolean;
  tinted: boolean;
  goal: Goal;
  onSort: (keep: boolean) => void;
  onSortTo: (descending: boolean) => void;
  onPin: () => void;
  onHide: () => void;
  onMove: (by: -1 | 1) => void;
  /** Another column was let go on this one, on its left or on its right half. */
  onDrop: (id: string, after: boolean) => void;
  onResize: (width: number) => void;
  onGroup: () => void;
  onTint: () => void;
  onGoal: (goal: Goal) => void;
  onCurve: () => void;
}

const dragType = "application/x-runstone-column";

export function HeaderCell(props: HeaderCellProps) {
  const { column, sort } = props;
  const sortable = sortField(column) !== undefined;
  const at = sort.findIndex((key) => key.field === column.id);
  const key = sort[at];
  const Sign = key?.descending ? ArrowDown : ArrowUp;
  const drop = useDrop(props.onDrop);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
    event.preventDefault();
    event.stopPropagation();
    if (column.id !== "name") props.onMove(event.key === "ArrowLeft" ? -1 : 1);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button inside moves the column by keys
    <div
      draggable={column.id !== "name"}
      onDragStart={(event) => {
        event.dataTransfer.setData(dragType, column.id);
        event.dataTransfer.effectAllowed = "move";
      }}
      {...drop.handlers}
      className={cx(
        "group/head relative flex size-full items-center gap-0.5 px-2 text-xs",
        column.numeric && "flex-row-reverse",
        drop.side === "before" && "shadow-[inset_2px_0_var(--accent)]",
        drop.side === "after" && "shadow-[inset_-2px_0_var(--accent)]",
      )}
    >
      <button
        type="button"
        aria-disabled={!sortable}
        title={describeColumn(column, props.goal)}
        onClick={(event) => sortable && props.onSort(event.shiftKey)}
        onKeyDown={onKeyDown}
        className={cx(
          "flex min-w-0 items-center gap-1 rounded-sm px-1 py-1 font-medium aria-disabled:cursor-default",
          column.numeric && "flex-row-reverse",
          key ? "text-ink" : "text-ink-2 hover:text-ink",
        )}
      >
        <span className="truncate">{column.title}</span>
        {key && <Sign aria-hidden="true" className="size-3 shrink-0 text-accent" />}
        {key && sort.length > 1 && <span className="num text-2xs text-accent">{at + 1}</span>}
      </button>
      <Menu
        align="start"
        trigger={
          <button
            type="button"
            aria-label={`Actions for column ${column.title}`}
            className={cx(
              "absolute top-1.5 z-10 grid size-6 place-items-center rounded-sm bg-surface text-ink-3 opacity-0 hover:bg-hover hover:text-ink focus-visible:opacity-100 group-hover/head:opacity-100 aria-expanded:opacity-100",
              column.numeric ? "left-0.5" : "right-1",
            )}
          >
            <ChevronDown className="size-3.5" />
          </button>
        }
      >
        <Actions {...props} sortable={sortable} />
      </Menu>
      <ResizeHandle width={column.width} onResize={props.onResize} title={column.title} />
    </div>
  );
}

function Actions(props: HeaderCellProps & { sortable: boolean }) {
  const { column, sortable, goal } = props;
  const first = column.id === "name";
  return (
    <>
      <MenuItem onSelect={() => props.onSortTo(false)} disabled={!sortable}>
        <ArrowUp />
        Sort ascending
      </MenuItem>
      <MenuItem onSelect={() => props.onSortTo(true)} disabled={!sortable}>
        <ArrowDown />
        Sort descending
      </MenuItem>
      {canGroup(column) && !first && (
        <MenuItem onSelect={props.onGroup}>
          <Group />
          {props.grouped ? "Group no longer by this" : "Group by this"}
        </MenuItem>
      )}
      {column.kind === "metric" && (
        <>
          <MenuLine />
          <MenuItem onSelect={props.onTint}>
            <Paintbrush />
            {props.tinted ? "No ground by value" : "Ground by value"}
          </MenuItem>
          <MenuItem onSelect={() => props.onGoal(goal === "min" ? "max" : "min")}>
            <Target />
            {goal === "min" ? "More is better" : "Less is better"}
          </MenuItem>
          <MenuItem onSelect={props.onCurve}>
            <TrendingUp />
            Show the curve beside it
          </MenuItem>
        </>
      )}
      {!first && (
        <>
          <MenuLine />
          <MenuItem onSelect={() => props.onMove(-1)}>
            <ArrowLeft />
            Move left
          </MenuItem>
          <MenuItem onSelect={() => props.onMove(1)}>
            <ArrowRight />
            Move right
          </MenuItem>
          <MenuItem onSelect={props.onPin}>
            {props.pinned ? <PinOff /> : <Pin />}
            {props.pinned ? "Unpin" : "Pin to the left"}
          </MenuItem>
          <MenuItem onSelect={props.onHide}>
            <EyeOff />
            Hide
          </MenuItem>
        </>
      )}
    </>
  );
}

/** Where a dragged column would come to stand: before or after the one it is over. */
function useDrop(onDrop: (id: string, after: boolean) => void) {
  const [side, setSide] = useState<"before" | "after">();
  const sideOf = (event: DragEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return event.clientX > box.left + box.width / 2 ? "after" : "before";
  };
  return {
    side,
    handlers: {
      onDragOver: (event: DragEvent<HTMLElement>) => {
        if (!event.dataTransfer.types.includes(dragType)) return;
        event.preventDefault();
        setSide(sideOf(event));
      },
      onDragLeave: () => setSide(undefined),
      onDrop: (event: DragEvent<HTMLElement>) => {
        event.preventDefault();
        setSide(undefined);
        const id = event.dataTransfer.getData(dragType);
        if (id !== "") onDrop(id, sideOf(event) === "after");
      },
    },
  };
}

/** Drag, or the arrow keys while it has the focus. */
function ResizeHandle({ width, onResize, title }: { width: number; onResize: (width: number) => void; title: string }) {
  const start = useRef<{ x: number; width: number }>(undefined);
  const to = (next: number) => onResize(Math.max(64, Math.min(800, Math.round(next))));
  return (
    <div
      role="separator"
      tabIndex={-1}
      aria-orientation="vertical"
      aria-label={`Width of ${title}`}
      aria-valuenow={width}
      onPointerDown={(event: PointerEvent<HTMLDivElement>) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, width };
      }}
      onPointerMove={(event) => start.current && to(start.current.width + event.clientX - start.current.x)}
      onPointerUp={() => {
        start.current = undefined;
      }}
      onKeyDown={(event) => (event.key === "ArrowRight" ? to(width + 16) : event.key === "ArrowLeft" && to(width - 16))}
      className="absolute top-0 -right-1 z-10 h-full w-2 cursor-col-resize touch-none after:absolute after:inset-y-2 after:left-[3px] after:w-px after:bg-line hover:after:inset-y-0 hover:after:w-0.5 hover:after:bg-accent"
    />
  );
}
