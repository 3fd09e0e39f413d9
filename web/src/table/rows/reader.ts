/** A value as the server sends it: a number, a text ("NaN" and its kind for metrics), or null where the run lacks it. */
export type Value = number | string | null;

/** What a list of the table is: runs or groups, at the root or below a row. */
export interface ListRef {
  /** Unique in a table, the same for the same rows after a reload. */
  id: string;
  /** Values of the group the list stands in, the outermost first; as many as groupings are open above it. */
  within: readonly Value[];
  /** The run whose nested runs these are. */
  parent?: string;
}

/** What a numeric column is over the runs of a group. */
export interface Figures {
  count: number;
  mean: number;
  deviation: number;
  min: number;
  max: number;
  median: number;
  best?: { runId: string; value: number };
}

/** What is shown of a column for a group: figures, the one text all runs share, or how many different ones there are. */
export type GroupCell = { figures: Figures } | { same: string } | { distinct: number };

export interface Group {
  value: Value;
  /** Runs in it. */
  count: number;
  /** What its columns hold over all its runs, by field. */
  cells: ReadonlyMap<string, GroupCell>;
}

/** Some rows of a list that stand beside each other, column by column. */
export interface Page {
  /** Ids of runs, in order; empty for groups. */
  runs: readonly string[];
  groups?: readonly Group[];
  /** Values by field, as long as `runs`. */
  columns: ReadonlyMap<string, readonly Value[]>;
  /** Rows of the whole list, when the page tells. */
  total?: number;
  /** Whether rows follow. */
  more: boolean;
}

/** Values of runs by id, wherever they stand; runs that are gone are left out. */
export type Cells = Pick<Page, "runs" | "columns">;

/** Where rows come from. A rejected promise leaves everything as it was. */
export interface RowReader {
  /** Rows `from` (from 0) to `from + limit` of a list with the fields. */
  page(list: ListRef, from: number, limit: number, fields: readonly string[], signal: AbortSignal): Promise<Page>;
  /** Fields of runs that are known by id. */
  cells(ids: readonly string[], fields: readonly string[], signal: AbortSignal): Promise<Cells>;
  /** How many rows the list has, and whether that is all of them. */
  count(list: ListRef, signal: AbortSignal): Promise<{ total: number; exact: boolean }>;
}

export const rootList: ListRef = { id: "root", within: [] };

export const nestedList = (run: string): ListRef => ({ id: `run:${run}`, within: [], parent: run });

export const groupList = (within: readonly Value[]): ListRef => ({ id: `group:${JSON.stringify(within)}`, within });
