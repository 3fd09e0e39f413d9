import { quote, runsById } from "@/api/filter";
import { type GroupKey, readGroups, readTable, type TablePage, type TableSearch } from "@/api/table";
import type { GroupFigures } from "@/api/types";
import { toNumber } from "@/state/format";
import type { Goal } from "../goals";
import type { Cells, Group, GroupCell, ListRef, Page, RowReader, Value } from "./reader";

export interface ApiRows {
  search: TableSearch;
  /** Whether the root leaves out runs that are nested in others. */
  roots: boolean;
  /** Fields that runs are grouped by, the outermost first. */
  groupBy: readonly string[];
  /** How groups are ordered, as the server takes it; nothing means the largest first. */
  groupOrder: readonly string[];
  /** Which way a field is better. */
  goals: Readonly<Record<string, Goal>>;
}

/** The values of a group as the server takes them. */
export const keysOf = (groupBy: readonly string[], within: readonly Value[]): GroupKey[] =>
  within.map((value, at) => ({ field: groupBy[at] ?? "", ...(value === null ? {} : { value }) }) as GroupKey);

/** What a list of the table asks the server for. */
export function searchOf({ search, groupBy }: ApiRows, list: ListRef): TableSearch {
  if (list.parent !== undefined)
    return { ...search, filter: `parent_id = ${quote(list.parent)}`, orderBy: ["start_time asc"] };
  return list.within.length === 0 ? search : { ...search, within: keysOf(groupBy, list.within) };
}

/** What can be told of a group: values that are measured or set, not what is every run's own. */
const toldOfGroups = /^(metrics|params|tags)\.|^(status|user|duration)$/;

const figureOrder = /^\w+\((.*)\) (?:asc|desc)$/;

/** The columns to ask for of groups: those that are shown, and those by whose figures the groups stand in order, seen or not. */
export const columnsOf = (fields: readonly string[], groupOrder: readonly string[]): string[] => {
  const ordered = groupOrder.flatMap((order) => figureOrder.exec(order)?.[1] ?? []);
  return [...new Set([...fields.filter((field) => toldOfGroups.test(field)), ...ordered])];
};

/** Rows from the native API. */
export class ApiReader implements RowReader {
  readonly #rows: ApiRows;

  constructor(rows: ApiRows) {
    this.#rows = rows;
  }

  async page(
    list: ListRef,
    from: number,
    limit: number,
    fields: readonly string[],
    signal: AbortSignal,
  ): Promise<Page> {
    const search = searchOf(this.#rows, list);
    const { groupBy, groupOrder, goals } = this.#rows;
    if (list.parent === undefined && list.within.length < groupBy.length) {
      const columns = columnsOf(fields, groupOrder);
      const known = Object.fromEntries(Object.entries(goals).filter(([field]) => columns.includes(field)));
      const page = { by: groupBy, columns, goals: known, groupOrder, limit, skip: from };
      const { groups, total } = await readGroups(search, page, signal);
      const made = groups.map(({ value = null, count, columns: told }): Group => {
        const cells = new Map(told.flatMap((one) => cellOf(one)));
        return { value, count, cells };
      });
      return { runs: [], groups: made, columns: new Map(), total, more: from + groups.length < total };
    }
    const answer = await readTable(
      search,
      { columns: fields, limit, ...(from > 0 ? { skip: from } : {}), ...(this.#roots(list) ? { roots: true } : {}) },
      signal,
    );
    return { ...cellsOf(answer), more: answer.nextPageToken !== undefined };
  }

  async cells(ids: readonly string[], fields: readonly string[], signal: AbortSignal): Promise<Cells> {
    const { experimentIds } = this.#rows.search;
    const search: TableSearch = { experimentIds, filter: runsById(ids), orderBy: [], lifecycle: "all" };
    return cellsOf(await readTable(search, { columns: fields, limit: ids.length }, signal));
  }

  async count(list: ListRef, signal: AbortSignal): Promise<{ total: number; exact: boolean }> {
    const answer = await readTable(
      searchOf(this.#rows, list),
      { columns: [], limit: 1, count: true, ...(this.#roots(list) ? { roots: true } : {}) },
      signal,
    );
    return { total: answer.total ?? answer.runs.length, exact: answer.totalIsExact ?? true };
  }

  #roots(list: ListRef): boolean {
    return this.#rows.roots && list.parent === undefined;
  }
}

const cellsOf = ({ runs, columns }: TablePage): Cells => ({
  runs,
  columns: new Map(columns.map(({ field, values }) => [field, values])),
});

function cellOf(told: GroupFigures): [string, GroupCell][] {
  const { field, count, mean, deviation = 0, min, max, median, best } = told;
  if (mean !== undefined) {
    const figures = {
      count,
      mean: toNumber(mean),
      deviation: toNumber(deviation),
      min: toNumber(min),
      max: toNumber(max),
      median: toNumber(median),
      ...(best ? { best: { runId: best.runId, value: toNumber(best.value) } } : {}),
    };
    return [[field, { figures }]];
  }
  if (told.same !== undefined) return [[field, { same: told.same }]];
  return told.distinct === undefined || told.distinct === 0 ? [] : [[field, { distinct: told.distinct }]];
}
