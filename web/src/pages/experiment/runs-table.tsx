import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useCallback, useEffect, useMemo, useState } from "react";
import { setStar, useStars } from "@/api/stars";
import { colourVariable, type RunStyle } from "@/charts/prepare/colours";
import { cycleSort } from "@/state/url";
import { type Column, canGroup } from "@/table/columns";
import { goalOf } from "@/table/goals";
import { HeaderCell } from "@/table/header-cell";
import type { Row, RowSource } from "@/table/rows/row-source";
import { isConstant, standing, tintOf } from "@/table/tint";
import { VirtualTable } from "@/table/virtual-table";
import { StarButton } from "@/ui/star";
import { Skeleton } from "@/ui/state-views";
import { notifyError } from "@/ui/toast";
import { addAfter, moveBy, moveTo } from "./arrange-columns";
import { type CellChoice, CellMenu } from "./cell-menu";
import { CurveCell } from "./curve-cell";
import { GroupName, GroupValue } from "./group-cell";
import { DurationCell, NameCell, ValueCell } from "./run-cell";
import { GroupBox, RunBox, SelectAll, useBoxes } from "./select-boxes";
import { isSelected } from "./selection";
import { useCurves } from "./use-curves";
import type { Facts } from "./use-facts";
import type { View } from "./view";

interface RunsTableProps {
  view: View;
  rows: RowSource;
  facts: Facts;
  /** Colours of the runs that the charts beside the table show. */
  styles: ReadonlyMap<string, RunStyle>;
  /** Little room: the pinned name takes less of it. */
  narrow: boolean;
  className?: string;
}

type Shown = Column | { id: "select"; width: number };

const firstDown = (column: Column, goal: string) =>
  column.kind === "metric" ? goal === "max" : ["start_time", "end_time", "duration"].includes(column.id);

/** Columns are read with the rows; of very many only those near the screen. */
const readAtOnce = 64;
const step = 16;

export function RunsTable({ view, rows, facts, styles, narrow, className }: RunsTableProps) {
  const navigate = useNavigate();
  const { settings } = view;
  const [choice, setChoice] = useState<CellChoice>();
  const [seen, setSeen] = useState<{ rows: readonly [number, number]; columns: readonly [number, number] }>({
    rows: [0, 0],
    columns: [0, 0],
  });
  const boxes = useBoxes(view, rows);
  const stars = useStars("run");
  const shownColumns = useMemo(
    () =>
      settings.hideConstant && facts.known
        ? view.columns.filter((one) => one.kind === "attribute" || !isConstant(facts.of(one), facts.runs))
        : view.columns,
    [view.columns, settings.hideConstant, facts],
  );
  const columns = useMemo(
    (): Shown[] => [
      { id: "select", width: 36 },
      ...shownColumns.map((column) => ({
        ...column,
        width: settings.widths[column.id] ?? (narrow && column.id === "name" ? 176 : column.width),
      })),
    ],
    [shownColumns, settings.widths, narrow],
  );
  const ids = view.columns.map((column) => column.id);
  const pins = [...view.pinned].filter((id) => id !== "name");
  const pinnedCount = 1 + shownColumns.filter((column) => view.pinned.has(column.id)).length;

  useFields(rows, columns, pinnedCount, seen.columns);
  const curves = useCurves(rows, seen.rows, shownColumns);
  const onWindow = useCallback(
    (across: readonly [number, number], down: readonly [number, number]) => {
      rows.see(across[0], across[1]);
      setSeen({ rows: across, columns: down });
    },
    [rows],
  );
  const isTree = view.groupBy.length > 0 || isNested(rows);
  const reference = useReference(rows, view, seen.rows[0]);
  const onPick = useCallback(
    (column: Column, value: string | number | null, place: DOMRect) =>
      setChoice({ kind: "value", column, value, place }),
    [],
  );
  const group = (column: Column) => {
    const by = view.groupBy.map(({ id }) => id);
    view.setGroupBy(by.includes(column.id) ? by.filter((id) => id !== column.id) : [...by, column.id]);
  };

  const head = (shown: Shown) => {
    if (!("kind" in shown)) return <SelectAll view={view} rows={rows} />;
    const goal = goalOf(shown.key, settings.goals);
    const tinted = settings.gradients.includes(shown.id);
    return (
      <HeaderCell
        column={shown}
        sort={view.sort}
        goal={goal}
        pinned={view.pinned.has(shown.id)}
        grouped={view.groupBy.some(({ id }) => id === shown.id)}
        tinted={tinted}
        onSort={(keep) => view.setSort(cycleSort(view.sort, shown.id, keep, firstDown(shown, goal)))}
        onSortTo={(descending) => view.setSort([{ field: shown.id, descending }])}
        onPin={() =>
          view.setColumns(ids, view.pinned.has(shown.id) ? pins.filter((id) => id !== shown.id) : [...pins, shown.id])
        }
        onHide={() =>
          view.setColumns(
            ids.filter((id) => id !== shown.id),
            pins.filter((id) => id !== shown.id),
          )
        }
        onMove={(by) => view.setColumns(moveBy(ids, shown.id, by), pins)}
        onDrop={(id, after) => view.setColumns(moveTo(ids, id, shown.id, after), pins)}
        onResize={(width) => view.setSettings({ widths: { ...settings.widths, [shown.id]: width } })}
        onGroup={() => group(shown)}
        onTint={() =>
          view.setSettings({
            gradients: tinted ? settings.gradients.filter((id) => id !== shown.id) : [...settings.gradients, shown.id],
          })
        }
        onGoal={(next) => view.setSettings({ goals: { ...settings.goals, [shown.key]: next } })}
        onCurve={() => view.setColumns(addAfter(ids, shown.id, `curves.${shown.key}`), pins)}
      />
    );
  };

  const runCell = (row: Row & { kind: "run" }, column: Column) => {
    const of = (field: string) => rows.value(row, field);
    if (column.id === "name")
      return (
        <NameCell
          id={row.id}
          name={of("name")}
          parentId={of("parent_id") ?? null}
          style={styles.get(row.id)}
          depth={row.depth}
          tree={isTree}
          open={row.below?.open}
          onOpen={(open) => row.below && view.setOpen(row.below.list.id, open)}
          aside={<StarButton kind="run" id={row.id} name={String(of("name") ?? row.id)} tabIndex={-1} />}
        />
      );
    if (column.id === "duration")
      return <DurationCell start={of("start_time")} end={of("end_time")} status={of("status")} />;
    if (column.kind === "curve")
      return (
        <CurveCell
          curve={curves.get(row.id, column.key)}
          colour={styles.has(row.id) ? colourVariable(styles.get(row.id)) : "var(--accent)"}
          digits={settings.digits}
        />
      );
    const value = column.field === undefined ? null : of(column.field);
    const at = settings.gradients.includes(column.id)
      ? standing(value, facts.of(column), goalOf(column.key, settings.goals))
      : undefined;
    const differs =
      settings.highlight &&
      value !== undefined &&
      reference !== undefined &&
      (column.kind === "param" || column.kind === "tag") &&
      reference.id !== row.id &&
      rows.value(reference, column.field ?? "") !== value;
    return (
      <ValueCell
        column={column}
        value={value}
        digits={settings.digits}
        ground={at === undefined ? undefined : tintOf(at)}
        differs={differs}
        onPick={onPick}
      />
    );
  };
  const cell = (at: number, shown: Shown) => {
    const row = rows.row(at);
    if (row.kind === "wait") return "kind" in shown ? <Skeleton className="mx-3 h-3 w-3/5" /> : null;
    if (row.kind === "run")
      return "kind" in shown ? runCell(row, shown) : <RunBox boxes={boxes} at={at} row={row} rows={rows} />;
    if (!("kind" in shown)) return <GroupBox boxes={boxes} row={row} />;
    if (shown.id === "name")
      return (
        <GroupName
          group={row.group}
          column={view.groupBy[row.depth]}
          depth={row.depth}
          open={row.below.open}
          onOpen={(open) => view.setOpen(row.below.list.id, open)}
        />
      );
    return (
      <GroupValue
        cell={row.group.cells.get(shown.field ?? "")}
        column={shown}
        figure={settings.figure}
        digits={settings.digits}
        onPick={(figures, place) => setChoice({ kind: "figures", column: shown, figures, place })}
      />
    );
  };

  const [data, drawn] = [rows.version(), curves.version()];
  // biome-ignore lint/correctness/useExhaustiveDependencies: all that a cell shows, of which another value makes another look
  const look = useMemo(() => ({}), [rows, data, curves, drawn, view, facts, styles, isTree, reference?.id]);

  const onRowKey = (at: number, event: KeyboardEvent) => {
    const row = rows.row(at);
    if (row.kind === "group" && event.key === " ") {
      event.preventDefault();
      void boxes.toggleGroup(row);
    }
    if (row.kind !== "run") return;
    if (event.key === " ") {
      event.preventDefault();
      boxes.toggle(at, event.shiftKey);
    } else if (event.key === "Enter") void navigate({ to: "/runs/$runId", params: { runId: row.id } });
    else if (event.key === "s")
      void setStar("run", row.id, !(stars.data ?? []).includes(row.id)).catch((cause) =>
        notifyError("The star was not kept", cause),
      );
    else if (event.key === "f") {
      event.preventDefault();
      setChoice({
        kind: "row",
        cells: filterable(shownColumns, rows, row),
        place: (event.currentTarget as HTMLElement).getBoundingClientRect(),
      });
    }
  };
  const below = (at: number) => {
    const row = rows.row(at);
    return row.kind === "wait" ? undefined : row.below;
  };

  return (
    <>
      <VirtualTable
        label="Runs"
        columns={columns}
        pinned={pinnedCount}
        rowCount={rows.length}
        rowKey={(at) => keyOf(rows.row(at), at)}
        head={head}
        cell={cell}
        look={look}
        top={JSON.stringify([view.search, view.groupBy.map(({ id }) => id)])}
        onWindow={onWindow}
        selected={(at) => {
          const row = rows.row(at);
          return row.kind === "run" && isSelected(view.selection, row.id);
        }}
        rowClass={(at) => (rows.row(at).kind === "group" ? "bg-sunken" : undefined)}
        sorted={(shown) => {
          const key = view.sort.find((one) => one.field === shown.id);
          return key && (key.descending ? "descending" : "ascending");
        }}
        {...(isTree
          ? {
              level: (at: number) => rows.row(at).depth + 1,
              folded: (at: number) => (below(at) ? !below(at)?.open : undefined),
            }
          : {})}
        onFold={(at, closed) => {
          const under = below(at);
          if (!under || under.open !== closed) return false;
          view.setOpen(under.list.id, !closed);
          return true;
        }}
        onRowKey={onRowKey}
        {...(className ? { className } : {})}
      />
      {choice && (
        <CellMenu
          choice={choice}
          filter={view.filter}
          onFilter={view.setFilter}
          onGroup={group}
          onClose={() => setChoice(undefined)}
        />
      )}
    </>
  );
}

const keyOf = (row: Row, at: number): string =>
  row.kind === "run" ? `${row.listId} ${row.id}` : row.kind === "group" ? row.below.list.id : `wait ${at}`;

/** Whether some run that is held has runs nested in it. */
function isNested(rows: RowSource): boolean {
  for (let at = 0; at < Math.min(rows.length, 200); at++) {
    const row = rows.row(at);
    if (row.kind === "run" && row.below) return true;
  }
  return false;
}

/** Tells the rows which columns they need: all of few, else those that are pinned or near the screen. */
function useFields(rows: RowSource, columns: readonly Shown[], pinned: number, [from, to]: readonly [number, number]) {
  const first = Math.max(pinned, Math.floor(from / step) * step - step);
  const end = Math.ceil(to / step) * step + step;
  const text = useMemo(() => {
    const near = columns.length <= readAtOnce ? columns : [...columns.slice(0, pinned), ...columns.slice(first, end)];
    return JSON.stringify(near.flatMap((one) => ("kind" in one && one.field) || []));
  }, [columns, pinned, first, end]);
  useEffect(() => rows.setFields(JSON.parse(text) as string[]), [rows, text]);
}

/** The run that others are compared with: the first selected one that is held, else the first row. */
function useReference(rows: RowSource, view: View, first: number): (Row & { kind: "run" }) | undefined {
  if (!view.settings.highlight) return undefined;
  let top: (Row & { kind: "run" }) | undefined;
  for (let at = 0; at < Math.min(rows.length, Math.max(first + 60, 200)); at++) {
    const row = rows.row(at);
    if (row.kind !== "run") continue;
    if (!view.selection.all && view.selection.ids.has(row.id)) return row;
    top ??= row;
  }
  return top;
}

/** The first values of a run by which one can filter, for the keyboard. */
function filterable(columns: readonly Column[], rows: RowSource, row: Row) {
  return columns
    .filter((column) => canGroup(column) && column.id !== "name")
    .flatMap((column) => {
      const value = rows.value(row, column.field ?? "");
      return value === null || value === undefined || value === "" ? [] : [{ column, value }];
    })
    .slice(0, 12);
}
