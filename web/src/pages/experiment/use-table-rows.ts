import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import type { Changed } from "@/api/follow";
import { keys, renew } from "@/api/queries";
import { readTable, type TableSearch } from "@/api/table";
import { type Column, sortField } from "@/table/columns";
import { type Goal, type Goals, goalOf } from "@/table/goals";
import type { ListRef } from "@/table/rows/reader";
import type { RowSource } from "@/table/rows/row-source";
import { useRows } from "@/table/rows/use-rows";
import { groupOrder } from "./group-order";
import type { View } from "./view";

export interface TableRows {
  /** The rows to show. */
  source: RowSource;
  /** Whether those of the search as it is now are known. */
  fresh: boolean;
  /** Why they could not be read. */
  error: unknown;
  /** Whether the experiment has no run at all, as far as one can see. */
  untouched: boolean;
  /** Runs that the search finds, nested or not; undefined while they are counted. */
  total: { count: number; exact: boolean } | undefined;
  /** Groups of the first level. */
  groups: number | undefined;
  /** Reads again what changed and is seen. */
  refresh: (changed: Changed) => Promise<void>;
}

/** Small trees are shown open; larger ones where somebody opened them. */
const openedBelow = 50;

/** What changes the rows themselves and not only their values. */
const moving = ["created", "lifecycle"];

export function useTableRows(view: View, enabled: boolean): TableRows {
  const { search, groupBy, opened, folded, settings } = view;
  // An order or a filter looks for runs wherever they are nested; without both the table is a tree.
  const nested = search.filter === "" && search.orderBy.length === 0 && groupBy.length === 0;
  const fields = groupBy.map((column) => sortField(column) ?? column.id);
  const order = groupBy.length === 0 ? [] : groupOrder(view.sort, groupBy, settings.figure, settings.goals);
  const goals = groupBy.length === 0 ? {} : goalsOf(view.columns, settings.goals);
  const asked = { search, groupBy: fields, roots: nested, groupOrder: order, goals };
  const { source, next } = useRows(asked, nested, enabled);
  const isOpen = useCallback(
    (list: ListRef, length: number, roots: number) => {
      if (folded.has(list.id)) return false;
      return opened.has(list.id) || (list.parent !== undefined && roots <= openedBelow && length <= openedBelow);
    },
    [opened, folded],
  );
  useEffect(() => next.setOpen(isOpen), [next, isOpen]);

  const experimentId = search.experimentIds[0] ?? "";
  const ordered = search.orderBy.length > 0 || search.filter !== "" || groupBy.length > 0;
  const refresh = useCallback(
    async (changed: Changed) => {
      const moved = [...changed.runs.values()].some((kinds) => moving.some((kind) => kinds.has(kind)));
      if (changed.all || moved) void renew({ queryKey: keys.runs(experimentId) });
      if (changed.all || moved || ordered) await next.refresh();
      else await next.refreshRuns(new Set(changed.runs.keys()));
    },
    [next, ordered, experimentId],
  );
  const runs = useTotal(search, enabled && (nested || groupBy.length > 0));
  return {
    source,
    fresh: source === next && next.ready,
    error: next.error,
    untouched: next.ready && next.length === 0 && search.filter === "" && search.lifecycle === "active",
    total: runs.counted ? runs.total : next.total,
    groups: groupBy.length > 0 ? next.total?.count : undefined,
    refresh,
  };
}

/** How many runs a search finds; needed where the rows of the table are not just these. */
function useTotal({ experimentIds, filter, lifecycle }: TableSearch, counted: boolean) {
  const answer = useQuery({
    queryKey: [...keys.runs(experimentIds[0] ?? ""), "total", filter, lifecycle],
    queryFn: async ({ signal }) => {
      const search = { experimentIds, filter, lifecycle, orderBy: [] };
      const { runs, total, totalIsExact } = await readTable(search, { columns: [], limit: 1, count: true }, signal);
      return { count: total ?? runs.length, exact: totalIsExact ?? true };
    },
    enabled: counted,
  });
  return { counted, total: answer.data };
}

/** Which way each shown metric is better, by field. */
function goalsOf(columns: readonly Column[], goals: Goals): Record<string, Goal> {
  const metrics = columns.filter(({ kind, field }) => kind === "metric" && field !== undefined);
  return Object.fromEntries(metrics.map(({ key, field }) => [field ?? "", goalOf(key, goals)]));
}
