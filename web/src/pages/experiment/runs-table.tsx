import { useNavigate } from "@tanstack/react-router";
import { type MouseEvent, useCallback, useEffect, useMemo, useRef } from "react";
import type { RunRow } from "@/api/types";
import type { RunStyle } from "@/charts/prepare/colours";
import { useLocal } from "@/state/local";
import { cycleSort } from "@/state/url";
import type { Column } from "@/table/columns";
import { HeaderCell } from "@/table/header-cell";
import { VirtualTable } from "@/table/virtual-table";
import { CheckBox } from "@/ui/fields";
import { Skeleton } from "@/ui/state-views";
import { RunCell } from "./run-cell";
import type { TreeRow } from "./tree";
import type { View } from "./view";

interface RunsTableProps {
  view: View;
  rows: readonly TreeRow[];
  hasMore: boolean;
  onMore: () => void;
  /** Colours of the runs that the charts beside the table show. */
  styles: ReadonlyMap<string, RunStyle>;
  /** Little room: the pinned name takes less of it. */
  narrow: boolean;
  className?: string;
}

type Shown = Column | { id: "select"; width: number };

const notSortable = new Set(["datasets"]);
const firstDown = (column: Column) =>
  column.kind === "metric" || ["start_time", "end_time", "duration"].includes(column.id);

export function RunsTable({ view, rows: places, hasMore, onMore, styles, narrow, className }: RunsTableProps) {
  const navigate = useNavigate();
  const rows = useMemo(() => places.map(({ row }) => row), [places]);
  const isTree = places.some(({ children }) => children > 0);
  const [widths, setWidths] = useLocal<Record<string, number>>(`widths.${view.query.experimentId}`, {});
  const selected = useMemo(() => new Set(view.selected), [view.selected]);
  // Ahead of the address, which follows a moment later: two quick keys must not undo each other.
  const chosen = useRef(selected);
  useEffect(() => {
    chosen.current = selected;
  }, [selected]);
  const anchor = useRef<number>(undefined);
  const byId = useMemo(() => new Map(rows.map((row) => [row.info.id, row.info])), [rows]);
  const columns = useMemo(
    (): Shown[] => [
      { id: "select", width: 40 },
      ...view.columns.map((column) => ({
        ...column,
        width: widths[column.id] ?? (narrow && column.id === "name" ? 168 : column.width),
      })),
    ],
    [view.columns, widths, narrow],
  );
  const ids = view.columns.map((column) => column.id);
  const pins = [...view.pinned].filter((id) => id !== "name");

  const toggle = (row: number, range: boolean) => {
    const id = rows[row]?.info.id;
    if (id === undefined) return;
    const next = new Set(chosen.current);
    const on = !next.has(id);
    const from = range && anchor.current !== undefined ? Math.min(anchor.current, row) : row;
    const to = range && anchor.current !== undefined ? Math.max(anchor.current, row) : row;
    for (const one of rows.slice(from, to + 1)) {
      if (on) next.add(one.info.id);
      else next.delete(one.info.id);
    }
    anchor.current = row;
    chosen.current = next;
    view.setSelected([...next]);
  };
  const moveBy = (column: Column, by: number) => {
    const at = ids.indexOf(column.id);
    const to = at + by;
    if (to < 1 || to >= ids.length) return;
    const next = [...ids];
    next.splice(at, 1);
    next.splice(to, 0, column.id);
    view.setColumns(next, pins);
  };

  const head = (shown: Shown) => {
    if (!("kind" in shown)) return <SelectAll rows={rows} selected={selected} onChange={view.setSelected} />;
    const sortTo = (descending: boolean) => view.setSort([{ field: shown.id, descending }]);
    return (
      <HeaderCell
        column={shown}
        sort={view.sort}
        pinned={view.pinned.has(shown.id)}
        sortable={!notSortable.has(shown.id)}
        onSort={(keep) => view.setSort(cycleSort(view.sort, shown.id, keep, firstDown(shown)))}
        onSortTo={sortTo}
        onPin={() =>
          view.setColumns(ids, view.pinned.has(shown.id) ? pins.filter((id) => id !== shown.id) : [...pins, shown.id])
        }
        onHide={() =>
          view.setColumns(
            ids.filter((id) => id !== shown.id),
            pins.filter((id) => id !== shown.id),
          )
        }
        onMove={(by) => moveBy(shown, by)}
        onResize={(width) => setWidths({ ...widths, [shown.id]: width })}
      />
    );
  };
  const cell = (at: number, shown: Shown) => {
    const row = rows[at];
    if (!row) return "kind" in shown ? <Skeleton className="mx-3 h-3 w-3/5" /> : null;
    if (!("kind" in shown))
      return (
        <label className="grid size-full cursor-pointer place-items-center">
          <CheckBox
            label={`Select ${row.info.name}`}
            hidden
            tabIndex={-1}
            checked={selected.has(row.info.id)}
            onClick={(event: MouseEvent) => toggle(at, event.shiftKey)}
            readOnly
          />
        </label>
      );
    return (
      <RunCell
        row={row}
        column={shown}
        style={styles.get(row.info.id)}
        parent={row.info.parentId && places[at]?.depth === 0 ? (byId.get(row.info.parentId)?.name ?? "") : undefined}
        depth={isTree ? (places[at]?.depth ?? 0) : undefined}
        fold={isFolded(at)}
        onFold={fold}
      />
    );
  };
  const isFolded = (at: number) => {
    const place = places[at];
    return place && place.children > 0 ? !place.open : undefined;
  };
  const latest = useRef(view);
  latest.current = view;
  const fold = useCallback((id: string, closed: boolean) => {
    const next = new Set(latest.current.folded);
    if (closed) next.add(id);
    else next.delete(id);
    latest.current.setFolded(next);
  }, []);
  const onEnd = useCallback(() => hasMore && onMore(), [hasMore, onMore]);

  return (
    <VirtualTable
      label="Runs"
      columns={columns}
      pinned={1 + view.columns.filter((column) => view.pinned.has(column.id)).length}
      rowCount={rows.length + (hasMore ? 3 : 0)}
      rowKey={(at) => rows[at]?.info.id ?? `more-${at}`}
      head={head}
      cell={cell}
      selected={(at) => selected.has(rows[at]?.info.id ?? "")}
      sorted={(shown) => {
        const key = view.sort.find((one) => one.field === shown.id);
        return key && (key.descending ? "descending" : "ascending");
      }}
      {...(isTree ? { level: (at: number) => (places[at]?.depth ?? 0) + 1, folded: isFolded } : {})}
      onFold={(at, closed) => {
        const id = rows[at]?.info.id;
        if (id === undefined || isFolded(at) !== !closed) return false;
        fold(id, closed);
        return true;
      }}
      onEnd={onEnd}
      onRowKey={(at, event) => {
        const id = rows[at]?.info.id;
        if (id === undefined) return;
        if (event.key === " ") {
          event.preventDefault();
          toggle(at, event.shiftKey);
        } else if (event.key === "Enter") void navigate({ to: "/runs/$runId", params: { runId: id } });
      }}
      {...(className ? { className } : {})}
    />
  );
}

function SelectAll({
  rows,
  selected,
  onChange,
}: {
  rows: readonly RunRow[];
  selected: ReadonlySet<string>;
  onChange: (ids: string[]) => void;
}) {
  const all = rows.length > 0 && rows.every((row) => selected.has(row.info.id));
  return (
    <label
      className="grid size-full cursor-pointer place-items-center"
      title={all ? "Select none" : "Select the runs that are loaded"}
    >
      <CheckBox
        label="Select the runs that are loaded"
        hidden
        checked={all}
        ref={(box: HTMLInputElement | null) => {
          if (box) box.indeterminate = !all && selected.size > 0;
        }}
        onChange={() => onChange(all || selected.size > 0 ? [] : rows.slice(0, 100).map((row) => row.info.id))}
      />
    </label>
  );
}
