import { useQuery } from "@tanstack/react-query";
import { type MouseEvent, useEffect, useRef } from "react";
import { client, keys } from "@/api/queries";
import { readIds, type TableSearch } from "@/api/table";
import { sortField } from "@/table/columns";
import { keysOf } from "@/table/rows/api-reader";
import type { Row, RowSource } from "@/table/rows/row-source";
import { CheckBox } from "@/ui/fields";
import { notify, notifyError } from "@/ui/toast";
import { narrowTo } from "./group-filter";
import { isEmpty, isSelected, mostSelected, nothingSelected, select, selectedOf } from "./selection";
import type { View } from "./view";

export interface Boxes {
  view: View;
  /** Selects the run of a row or not; with `range` all runs from the last one that was changed. */
  toggle: (at: number, range: boolean) => void;
  /** Selects the runs of a group, or none of them when all are; of a group that is too large for the address, by narrowing the filter to it. */
  toggleGroup: (row: GroupRow) => Promise<void>;
}

type GroupRow = Row & { kind: "group" };

export function useBoxes(view: View, rows: RowSource): Boxes {
  // Ahead of the address, which follows a moment later: two quick keys must not undo each other.
  const chosen = useRef(view.selection);
  useEffect(() => {
    chosen.current = view.selection;
  }, [view.selection]);
  const anchor = useRef<number>(undefined);
  const toggle = (at: number, range: boolean) => {
    const row = rows.row(at);
    if (row.kind !== "run") return;
    const from = range && anchor.current !== undefined ? Math.min(anchor.current, at) : at;
    const to = range && anchor.current !== undefined ? Math.max(anchor.current, at) : at;
    const ids: string[] = [];
    for (let one = from; one <= to && ids.length <= mostSelected; one++) {
      const other = rows.row(one);
      if (other.kind === "run") ids.push(other.id);
    }
    const next = select(chosen.current, ids, !isSelected(chosen.current, row.id));
    if (!next) {
      notify(`At most ${mostSelected} runs are selected one by one. The box above them selects all that match.`);
      return;
    }
    anchor.current = at;
    chosen.current = next;
    view.setSelection(next);
  };
  const toggleGroup = async (row: GroupRow) => {
    if (row.group.count > mostSelected) return takeAll(view, row);
    try {
      const ids = await client.ensureQueryData(groupQuery(view, row));
      const next = select(chosen.current, ids, selectedOf(chosen.current, ids) !== "all");
      if (!next) return takeAll(view, row);
      chosen.current = next;
      view.setSelection(next);
    } catch (cause) {
      notifyError("The runs of the group could not be read", cause);
    }
  };
  return { view, toggle, toggleGroup };
}

/** Selects all runs of a group by making the filter find nothing else. */
function takeAll(view: View, row: GroupRow): void {
  const filter = narrowTo(view.filter, view.groupBy, row.within);
  if (filter === undefined) {
    notify(`At most ${mostSelected} runs are selected one by one, and no filter finds just this group.`);
    return;
  }
  view.change({ filter, sel: "all", not: undefined });
  notify(`The filter finds just this group now, and all of its runs are selected`, {
    label: "Back",
    run: () => view.change({ filter: view.filter || undefined, sel: undefined, not: undefined }),
  });
}

const searchOf = (view: View, row: GroupRow): TableSearch => ({
  ...view.search,
  orderBy: [],
  within: keysOf(
    view.groupBy.map((column) => sortField(column) ?? column.id),
    row.within,
  ),
});

/** Which runs a small group has; known as long as no run comes or goes. */
const groupQuery = (view: View, row: GroupRow) => {
  const search = searchOf(view, row);
  return {
    queryKey: [...keys.runs(search.experimentIds[0] ?? ""), "of a group", search],
    queryFn: ({ signal }: { signal: AbortSignal }) => readIds(search, mostSelected, signal),
  };
};

/** Selects the runs of a group. */
export function GroupBox({ boxes, row }: { boxes: Boxes; row: GroupRow }) {
  const { view } = boxes;
  const { selection } = view;
  const small = row.group.count <= mostSelected;
  const ids = useQuery({ ...groupQuery(view, row), enabled: small && !isEmpty(selection) }).data;
  const state = ids && small ? selectedOf(selection, ids) : selection.all && selection.ids.size === 0 ? "all" : "none";
  const name = `${view.groupBy[row.depth]?.title ?? ""} ${row.group.value ?? "none"}`;
  return (
    <label className="grid size-full cursor-pointer place-items-center">
      <CheckBox
        label={`Select the runs with ${name}`}
        hidden
        tabIndex={-1}
        checked={state === "all"}
        ref={(box: HTMLInputElement | null) => {
          if (box) box.indeterminate = state === "some" || (!ids && selection.all && selection.ids.size > 0);
        }}
        onClick={() => void boxes.toggleGroup(row)}
        readOnly
      />
    </label>
  );
}

export function RunBox({
  boxes,
  at,
  row,
  rows,
}: {
  boxes: Boxes;
  at: number;
  row: Row & { kind: "run" };
  rows: RowSource;
}) {
  return (
    <label className="grid size-full cursor-pointer place-items-center">
      <CheckBox
        label={`Select ${rows.value(row, "name") ?? row.id}`}
        hidden
        tabIndex={-1}
        checked={isSelected(boxes.view.selection, row.id)}
        onClick={(event: MouseEvent) => boxes.toggle(at, event.shiftKey)}
        readOnly
      />
    </label>
  );
}

/** Selects all runs that match, seen or not. */
export function SelectAll({ view, rows }: { view: View; rows: RowSource }) {
  const { selection } = view;
  const every = selection.all && selection.ids.size === 0;
  const label = every ? "Select none" : "Select all runs that match";
  return (
    <label className="grid size-full cursor-pointer place-items-center" title={label}>
      <CheckBox
        label="Select all runs that match"
        hidden
        checked={every}
        disabled={rows.length === 0}
        ref={(box: HTMLInputElement | null) => {
          if (box) box.indeterminate = !every && (selection.all || selection.ids.size > 0);
        }}
        onChange={() => view.setSelection(every ? nothingSelected : { all: true, ids: new Set() })}
      />
    </label>
  );
}
