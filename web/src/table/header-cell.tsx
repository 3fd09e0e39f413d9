import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp, ChevronDown, EyeOff, Pin, PinOff } from "lucide-react";
import { type PointerEvent, useRef } from "react";
import type { SortKey } from "@/state/url";
import { cx } from "@/ui/classes";
import { Menu, MenuItem, MenuLine } from "@/ui/menu";
import type { Column } from "./columns";

interface HeaderCellProps {
  column: Column;
  sort: readonly SortKey[];
  pinned: boolean;
  sortable: boolean;
  onSort: (keep: boolean) => void;
  onSortTo: (descending: boolean) => void;
  onPin: () => void;
  onHide: () => void;
  onMove: (by: -1 | 1) => void;
  onResize: (width: number) => void;
}

export function HeaderCell(props: HeaderCellProps) {
  const { column, sort, sortable } = props;
  const at = sort.findIndex((key) => key.field === column.id);
  const key = sort[at];
  const Sign = key?.descending ? ArrowDown : ArrowUp;
  return (
    <div
      className={cx(
        "group/head relative flex size-full items-center gap-0.5 px-2 text-xs",
        column.numeric && "flex-row-reverse",
      )}
    >
      <button
        type="button"
        disabled={!sortable}
        title={
          column.kind === "attribute"
            ? column.title
            : `${column.kind} ${column.key}${column.pick === "last" ? "" : `, ${column.pick}`}`
        }
        onClick={(event) => props.onSort(event.shiftKey)}
        className={cx(
          "flex min-w-0 items-center gap-1 rounded-sm px-1 py-1 font-medium disabled:cursor-default",
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
            className="grid size-5 shrink-0 place-items-center rounded-sm text-ink-3 opacity-0 hover:bg-hover hover:text-ink focus-visible:opacity-100 group-hover/head:opacity-100 aria-expanded:opacity-100"
          >
            <ChevronDown className="size-3.5" />
          </button>
        }
      >
        <MenuItem onSelect={() => props.onSortTo(false)} disabled={!sortable}>
          <ArrowUp />
          Sort ascending
        </MenuItem>
        <MenuItem onSelect={() => props.onSortTo(true)} disabled={!sortable}>
          <ArrowDown />
          Sort descending
        </MenuItem>
        {column.id !== "name" && (
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
      </Menu>
      <ResizeHandle width={column.width} onResize={props.onResize} title={column.title} />
    </div>
  );
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
