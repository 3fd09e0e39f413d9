import { useMemo } from "react";
import type { NamedRun } from "@/panels/queries";
import { mostRuns, type RunSource } from "@/panels/source";
import { sortField } from "@/table/columns";
import { isEmpty, selectionFilter } from "./selection";
import type { TableRows } from "./use-table-rows";
import type { View } from "./view";

/** Runs that are drawn as long as none is selected. */
const charted = 10;
const lookedAt = 400;

export interface ShownRuns {
  /** Runs that the panels draw one by one, with the names that are known. */
  runs: readonly NamedRun[];
  source: RunSource;
  /** What is drawn, where that is not all there is. */
  note: string | undefined;
}

/** What the panels beside a table show: the selected runs; all of them when all are selected or grouped; else the first rows. */
export function useShown(view: View, rows: TableRows): ShownRuns {
  const { selection, search, groupBy } = view;
  const { source: table, total } = rows;
  const names = new Map<string, string>();
  const first: string[] = [];
  for (let at = 0; at < Math.min(table.length, lookedAt); at++) {
    const row = table.row(at);
    if (row.kind !== "run") continue;
    const name = table.value(row, "name");
    if (typeof name === "string") names.set(row.id, name);
    if (first.length < charted) first.push(row.id);
  }
  const none = isEmpty(selection);
  const all = selection.all || (none && groupBy.length > 0);
  const ids = none || all ? first : [...selection.ids].slice(0, mostRuns);
  const text = JSON.stringify(ids.map((id) => ({ id, name: names.get(id) ?? id })));
  const runs = useMemo(() => JSON.parse(text) as NamedRun[], [text]);
  const source = useMemo((): RunSource => {
    const by = groupBy.map((column) => sortField(column) ?? column.id);
    if (!all) return { kind: "runs", ids: runs.map(({ id }) => id), groupBy: by };
    const filter = selection.all ? selectionFilter(selection, search.filter) : search.filter;
    const count = (total?.count ?? 0) - (selection.all ? selection.ids.size : 0);
    return { kind: "search", search: { ...search, filter }, count, exact: total?.exact ?? true, groupBy: by };
  }, [all, groupBy, runs, selection, search, total]);
  const note = none && !all && table.length > charted ? `First ${charted} runs; select others in the table` : undefined;
  return { runs, source, note };
}
