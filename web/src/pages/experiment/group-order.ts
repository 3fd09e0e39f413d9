import type { SortKey } from "@/state/url";
import { type Column, columnOf } from "@/table/columns";
import { type Goals, goalOf } from "@/table/goals";
import type { GroupFigure } from "@/table/settings";

/** How groups stand when their runs stand in an order: by the figure of it that is shown, by their own value, else the largest first. */
export function groupOrder(
  sort: readonly SortKey[],
  groupBy: readonly Column[],
  figure: GroupFigure,
  goals: Goals,
): string[] {
  return sort.flatMap(({ field, descending }) => {
    const column = columnOf(field, goals);
    const direction = descending ? "desc" : "asc";
    if (column && groupBy.some(({ id }) => id === column.id)) return [`value ${direction}`];
    if (!column?.numeric || column.field === undefined) return [];
    const shown = figure !== "best" ? figure : goalOf(column.key, goals);
    return [`${shown}(${column.field}) ${direction}`];
  });
}
