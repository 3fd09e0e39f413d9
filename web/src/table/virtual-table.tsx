import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  memo,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
} from "react";
import { cx } from "@/ui/classes";
import { Pace } from "./pace";

export interface GridColumn {
  id: string;
  width: number;
}

interface VirtualTableProps<C extends GridColumn> {
  label: string;
  columns: readonly C[];
  /** How many of the first columns stay at the left edge. */
  pinned: number;
  rowCount: number;
  rowHeight?: number;
  head: (column: C, index: number) => ReactNode;
  cell: (row: number, column: C) => ReactNode;
  rowKey: (row: number) => string;
  /** Another value says that cells may look different. Where there is none, all are drawn anew with the table. */
  look?: unknown;
  rowClass?: (row: number) => string | undefined;
  selected?: (row: number) => boolean;
  /** What is on the screen: rows and columns, each from the first to behind the last. Pinned columns are always on it. */
  onWindow?: (rows: readonly [number, number], columns: readonly [number, number]) => void;
  /** Another value brings the first row to the top again, for rows that are others than before. */
  top?: string;
  /** The keys of the focused row that the table does not use itself. */
  onRowKey?: (row: number, event: KeyboardEvent) => void;
  /** Depth of a row in a tree, from 1; its presence makes the table a tree. */
  level?: (row: number) => number;
  /** Whether what is below a row is hidden; nothing for a row that has nothing below it. */
  folded?: (row: number) => boolean | undefined;
  /** The arrow keys ask to hide or show what is below a row; answers whether that changed anything. */
  onFold?: (row: number, closed: boolean) => boolean;
  sorted?: (column: C) => "ascending" | "descending" | undefined;
  className?: string;
}

const headHeight = 36;
const overscan = 8;
/** The browser scrolls before the rows follow: so many milliseconds of a movement are drawn ahead of it, up to so many rows. */
const drawnAhead = 80;
const mostAhead = 40;

/** The one virtual table: only rows and columns on screen exist. The first column also carries the focus of its row. */
export function VirtualTable<C extends GridColumn>(props: VirtualTableProps<C>) {
  const { columns, pinned, rowCount, rowHeight = 32, onWindow, top } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const active = useRef(0);
  const rows = useVirtualizer({
    count: rowCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan,
    rangeExtractor: useAhead(),
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
  });
  const { free, pinnedWidth } = useMemo(
    () => ({
      free: columns.slice(pinned),
      pinnedWidth: columns.slice(0, pinned).reduce((sum, column) => sum + column.width, 0),
    }),
    [columns, pinned],
  );
  const cross = useVirtualizer({
    horizontal: true,
    count: free.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => free[index]?.width ?? 0,
    getItemKey: (index) => free[index]?.id ?? index,
    overscan: 4,
    scrollMargin: pinnedWidth,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: other columns or widths mean other places
  useEffect(() => cross.measure(), [free, cross]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new value is the wish
  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [top]);

  const items = rows.getVirtualItems();
  const across = cross.getVirtualItems();
  const firstRow = items[0]?.index ?? 0;
  const endRow = (items.at(-1)?.index ?? -1) + 1;
  const firstColumn = pinned + (across[0]?.index ?? 0);
  const endColumn = pinned + (across.at(-1)?.index ?? -1) + 1;
  useEffect(
    () => onWindow?.([firstRow, endRow], [firstColumn, endColumn]),
    [onWindow, firstRow, endRow, firstColumn, endColumn],
  );

  // A row that was not read yet gives way to the real one, and rows move when they are sorted: the place keeps the focus.
  const focused = useRef(false);
  useLayoutEffect(() => {
    if (!focused.current || document.activeElement !== document.body) return;
    scroller.current?.querySelector<HTMLElement>(`[data-row="${active.current}"]`)?.focus({ preventScroll: true });
  });

  const focusRow = (row: number) => {
    active.current = row;
    rows.scrollToIndex(row);
    const find = () => scroller.current?.querySelector<HTMLElement>(`[data-row="${row}"]`);
    const there = find();
    // At once when the row exists, so that the next key already meets it.
    if (there) there.focus({ preventScroll: true });
    else requestAnimationFrame(() => find()?.focus({ preventScroll: true }));
  };
  const onKeyDown = (row: number) => (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    const to = {
      ArrowDown: row + 1,
      ArrowUp: row - 1,
      PageDown: row + page,
      PageUp: row - page,
      Home: 0,
      End: rowCount - 1,
    }[event.key];
    if (to !== undefined) focusRow(Math.max(0, Math.min(rowCount - 1, to)));
    else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      if (!props.onFold?.(row, event.key === "ArrowLeft"))
        scroller.current?.scrollBy({ left: event.key === "ArrowRight" ? 120 : -120 });
    } else {
      props.onRowKey?.(row, event);
      return;
    }
    event.preventDefault();
  };

  const places = useMemo((): Places<C> => {
    let left = 0;
    const stuck = columns.slice(0, pinned).map((column, index) => {
      const at = left;
      left += column.width;
      return { column, at, index };
    });
    const shown = across.flatMap(({ index, start }) => {
      const column = free[index];
      return column ? [{ column, at: start, index: index + pinned }] : [];
    });
    return { stuck, shown, edge: pinned < columns.length };
  }, [columns, free, pinned, across]);
  const latest = useRef<Latest<C>>({ cell: props.cell, onKeyDown, active });
  latest.current = { cell: props.cell, onKeyDown, active };
  const look = props.look ?? {};

  const width = pinnedWidth + cross.getTotalSize();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notes where the focus is
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles have a name
    <div
      ref={scroller}
      onFocus={(event) => {
        focused.current = (event.target as HTMLElement).closest("[data-row]") !== null;
      }}
      onBlur={() => {
        focused.current = false;
      }}
      role={props.level ? "treegrid" : "grid"}
      tabIndex={-1}
      aria-label={props.label}
      aria-rowcount={rowCount + 1}
      aria-colcount={columns.length}
      className={cx("relative isolate overflow-auto overscroll-contain bg-surface text-sm", props.className)}
    >
      <div style={{ width, minWidth: "100%", height: rows.getTotalSize() + headHeight }} className="relative">
        <div
          role="row"
          aria-rowindex={1}
          className="sticky top-0 z-30 flex border-b border-line bg-surface"
          style={{ height: headHeight }}
        >
          <Line
            places={places}
            cell={props.head}
            roleOf={(column, index) => ({
              ...cellRole(column, index),
              role: "columnheader",
              "aria-sort": props.sorted?.(column),
            })}
          />
        </div>
        {items.map((item) => (
          <TableRow
            key={props.rowKey(item.index)}
            row={item.index}
            top={item.start}
            height={rowHeight}
            places={places}
            latest={latest}
            look={look}
            selected={props.selected?.(item.index)}
            level={props.level?.(item.index)}
            folded={props.folded?.(item.index)}
            className={props.rowClass?.(item.index)}
            tabbed={
              item.index === Math.min(active.current, rowCount - 1) ||
              (item === items[0] && !items.some((one) => one.index === active.current))
            }
          />
        ))}
      </div>
    </div>
  );
}

/** Draws more rows in the direction of a movement. */
function useAhead(): (range: Range) => number[] {
  const pace = useMemo(() => new Pace(), []);
  return useCallback(
    (range) => {
      pace.note(range.startIndex, performance.now(), 200);
      const ahead = Math.round(Math.max(-mostAhead, Math.min(mostAhead, pace.ahead(drawnAhead))));
      const startIndex = Math.max(0, range.startIndex + Math.min(0, ahead));
      const endIndex = Math.min(range.count - 1, range.endIndex + Math.max(0, ahead));
      return defaultRangeExtractor({ ...range, startIndex, endIndex });
    },
    [pace],
  );
}

interface Place<C> {
  column: C;
  at: number;
  index: number;
}

interface Places<C> {
  /** Columns that stay at the left edge. */
  stuck: Place<C>[];
  /** Those of the others that are on the screen. */
  shown: Place<C>[];
  /** Whether there are others. */
  edge: boolean;
}

interface LineProps<C> {
  places: Places<C>;
  cell: (column: C, index: number) => ReactNode;
  roleOf: (column: C, index: number) => { role: string; "aria-colindex": number };
}

function Line<C extends GridColumn>({ places: { stuck, shown, edge }, cell, roleOf }: LineProps<C>) {
  return (
    <>
      {stuck.map(({ column, at, index }) => (
        <div
          key={column.id}
          {...roleOf(column, index)}
          className={cx(
            "sticky z-20 flex h-full shrink-0 items-center bg-inherit",
            edge && index === stuck.length - 1 && "border-r border-line",
          )}
          style={{ left: at, width: column.width }}
        >
          {cell(column, index)}
        </div>
      ))}
      {shown.map(({ column, at, index }) => (
        <div
          key={column.id}
          {...roleOf(column, index)}
          className="absolute top-0 flex h-full items-center"
          style={{ left: at, width: column.width }}
        >
          {cell(column, index)}
        </div>
      ))}
    </>
  );
}

/** What rows ask of the table when something happens, as it is then. */
interface Latest<C> {
  cell: (row: number, column: C) => ReactNode;
  onKeyDown: (row: number) => (event: KeyboardEvent) => void;
  active: RefObject<number>;
}

interface TableRowProps<C> {
  row: number;
  top: number;
  height: number;
  places: Places<C>;
  latest: RefObject<Latest<C>>;
  look: unknown;
  selected: boolean | undefined;
  level: number | undefined;
  folded: boolean | undefined;
  className: string | undefined;
  tabbed: boolean;
}

/** A row that scrolls is not drawn anew: only what comes on the screen costs. */
const TableRow = memo(function TableRow<C extends GridColumn>(props: TableRowProps<C>) {
  const { row, latest, places, selected, level, folded } = props;
  return (
    <div
      role="row"
      data-row={row}
      aria-rowindex={row + 2}
      aria-selected={selected}
      aria-level={level}
      aria-expanded={folded === undefined ? undefined : !folded}
      tabIndex={props.tabbed ? 0 : -1}
      onKeyDown={(event) => latest.current.onKeyDown(row)(event)}
      onFocus={() => {
        latest.current.active.current = row;
      }}
      className={cx(
        "absolute left-0 flex w-full border-b border-line/70 hover:bg-hover aria-selected:bg-selected",
        // The ring lies above pinned cells, which an outline of the row does not, and below the head.
        "focus-visible:outline-none focus-visible:after:pointer-events-none focus-visible:after:absolute focus-visible:after:inset-0 focus-visible:after:z-25 focus-visible:after:border-2 focus-visible:after:border-accent",
        props.className ?? "bg-surface",
      )}
      style={{ top: props.top, height: props.height }}
    >
      <Line places={places} cell={(column) => latest.current.cell(row, column)} roleOf={cellRole} />
    </div>
  );
}) as <C extends GridColumn>(props: TableRowProps<C>) => ReactNode;

const cellRole = (_: GridColumn, index: number) => ({ role: "gridcell", "aria-colindex": index + 1 });
