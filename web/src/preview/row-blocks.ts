import type { RowPage } from "@/api/types";
import { namesOf } from "./values";

export interface RowColumn {
  name: string;
  type: string;
}

/** What is known of a table whose rows are read in blocks. */
export interface Extent {
  columns: readonly RowColumn[];
  /** Rows that are known to be there. */
  rows: number;
  /** Whether rows may follow that nobody has counted. */
  open: boolean;
}

export const nothing: Extent = { columns: [], rows: 0, open: true };

/** Chromium draws nothing below 33 million pixels, which is where a million rows end. */
export const mostRows = 1_000_000;

/** The numbers of the blocks that some rows lie in, the one that is always there left out. */
export function blocksIn([from, to]: readonly [number, number], size: number): number[] {
  if (size < 1 || to <= from) return [];
  const first = Math.max(1, Math.floor(from / size));
  const last = Math.floor((to - 1) / size);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

/** What is known after another page; the same object when it says nothing new. Of JSON each page has the columns of its own rows. */
export function extend(known: Extent, page: RowPage): Extent {
  const columns = new Map(known.columns.map((column) => [column.name, column]));
  let changed = false;
  namesOf(page.columns.map((column) => column.name)).forEach((name, at) => {
    const type = page.columns[at]?.type ?? "text";
    const before = columns.get(name);
    if (before && (before.type === type || before.type === "mixed")) return;
    columns.set(name, { name, type: before ? "mixed" : type });
    changed = true;
  });
  const end = page.offset + page.rows.length;
  const rows = page.total ?? (page.rows.length > 0 || page.offset === 0 ? Math.max(known.rows, end) : known.rows);
  const open = page.total === undefined && known.open && (page.hasMore || end < rows);
  if (!changed && rows === known.rows && open === known.open) return known;
  return { columns: changed ? [...columns.values()] : known.columns, rows, open };
}

const places = new WeakMap<RowPage, Map<string, number>>();

/** The value of a column in a row of a page; nothing where the row is shorter. */
export function valueIn(page: RowPage, row: number, column: string): unknown {
  let known = places.get(page);
  if (!known) {
    known = new Map(namesOf(page.columns.map((one) => one.name)).map((name, at) => [name, at]));
    places.set(page, known);
  }
  const at = known.get(column);
  return at === undefined ? undefined : page.rows[row - page.offset]?.[at];
}
