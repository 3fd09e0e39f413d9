import { type Column, sortField } from "@/table/columns";
import type { Value } from "@/table/rows/reader";
import { andAlso, conditionOf } from "./cell-menu";

/** The condition that holds for runs whose column has just this value, or has none; nothing where the language has none. */
function onlyIn(column: Column, value: Value): string | undefined {
  const field = sortField(column);
  // Every text matches the pattern, so that what is left are the runs without one.
  if (value === null) return field === undefined || column.numeric ? undefined : `not ${field} like "%"`;
  return column.kind === "metric" || column.id === "start_time" || column.id === "end_time"
    ? undefined
    : conditionOf(column, value, false);
}

/** The filter narrowed to the runs of a group; nothing where one of its values cannot be asked for. */
export function narrowTo(filter: string, groupBy: readonly Column[], within: readonly Value[]): string | undefined {
  const conditions = within.flatMap((value, at) => {
    const column = groupBy[at];
    return (column && onlyIn(column, value)) ?? [];
  });
  return conditions.length === within.length ? andAlso(filter, conditions.join(" and ")) : undefined;
}
