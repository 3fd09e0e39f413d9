import { fieldOf } from "@/api/filter";
import { formatNumber, formatTime, toNumber } from "@/state/format";
import type { SortKey } from "@/state/url";
import { type Goal, type Goals, goalOf } from "./goals";
import type { Value } from "./rows/reader";

export type ColumnKind = "attribute" | "metric" | "param" | "tag" | "curve";
export type Pick = "last" | "min" | "max" | "best";

export interface Column {
  /** `metrics.loss:min`, `params.lr`, `start_time`, `curves.loss`: unique, and readable in an address. */
  id: string;
  kind: ColumnKind;
  key: string;
  /** Which of a metric's values. */
  pick: Pick;
  title: string;
  width: number;
  numeric: boolean;
  /** What the server calls it; nothing for curves, which are drawn and not read with the rows. */
  field: string | undefined;
}

const attributeColumns: Record<string, { title: string; width: number; numeric?: boolean; field?: string }> = {
  name: { title: "Name", width: 240 },
  status: { title: "Status", width: 104 },
  start_time: { title: "Started", width: 112 },
  duration: { title: "Duration", width: 104, numeric: true },
  user: { title: "User", width: 112 },
  end_time: { title: "Ended", width: 112 },
  run_id: { title: "Run id", width: 128 },
  parent_id: { title: "Parent", width: 128 },
  datasets: { title: "Datasets", width: 200, field: "inputs" },
};

export const attributeIds = Object.keys(attributeColumns);

const picks = /^(.*):(min|max|best)$/;

/** The column that an id names; nothing when it is none. Which way is best, `goals` say, or else the metric's name. */
export function columnOf(id: string, goals: Goals = {}): Column | undefined {
  const attribute = attributeColumns[id];
  if (attribute) return { id, kind: "attribute", key: id, pick: "last", numeric: false, field: id, ...attribute };
  const dot = id.indexOf(".");
  const entity = id.slice(0, dot);
  const rest = id.slice(dot + 1);
  if (dot < 0 || rest === "") return undefined;
  const base = { id, key: rest, pick: "last", title: rest, numeric: false } as const;
  if (entity === "params") return { ...base, kind: "param", width: 120, field: fieldOf("params", rest) };
  if (entity === "tags") return { ...base, kind: "tag", width: 140, field: fieldOf("tags", rest) };
  if (entity === "curves") return { ...base, kind: "curve", title: `${rest} curve`, width: 136, field: undefined };
  return entity === "metrics" ? metricColumn(id, rest, goals) : undefined;
}

function metricColumn(id: string, rest: string, goals: Goals): Column {
  const [, key = rest, pick = "last"] = (picks.exec(rest) ?? []) as [string?, string?, Pick?];
  const value = pick === "best" ? goalOf(key, goals) : pick;
  const field = fieldOf("metrics", key);
  return {
    id,
    kind: "metric",
    key,
    pick,
    title: pick === "last" ? key : `${key} ${pick}`,
    width: 120,
    numeric: true,
    field: value === "last" ? field : `${field}:${value}`,
  };
}

/** What a column is, in full. */
export function describeColumn(column: Column, goal: Goal): string {
  if (column.kind === "attribute") return column.title;
  if (column.kind === "curve") return `Curve of the metric ${column.key}`;
  if (column.kind !== "metric") return `${column.kind} ${column.key}`;
  const which = {
    last: "last value",
    min: "least value",
    max: "greatest value",
    best: `best value, which is the ${goal === "min" ? "least" : "greatest"}`,
  };
  return `metric ${column.key}, ${which[column.pick]}`;
}

/** The field of the filter language that a column sorts by; nothing where the server cannot sort. */
export const sortField = (column: Column): string | undefined => (column.id === "datasets" ? undefined : column.field);

/** Whether runs can be put together by what stands in a column. */
/** How the server is asked for rows in the order of columns; what cannot be sorted by is left out. */
export function orderBy(sort: readonly SortKey[], goals: Goals = {}): string[] {
  return sort.flatMap(({ field, descending }) => {
    const column = columnOf(field, goals);
    const name = column && sortField(column);
    return name ? [`${name}${descending ? " desc" : ""}`] : [];
  });
}

export const canGroup = (column: Column): boolean =>
  column.kind === "param" || column.kind === "tag" || ["status", "user", "name"].includes(column.id);

export interface Layout {
  columns: Column[];
  /** Ids that stay at the left edge. The name always does. */
  pinned: ReadonlySet<string>;
}

export function layoutOf(ids: readonly string[], pinnedIds: readonly string[], goals: Goals = {}): Layout {
  const pinned = new Set(["name", ...pinnedIds]);
  const unique = [...new Set(["name", ...ids])];
  const columns = unique.map((id) => columnOf(id, goals)).filter((column) => column !== undefined);
  return { columns: [...columns.filter((c) => pinned.has(c.id)), ...columns.filter((c) => !pinned.has(c.id))], pinned };
}

/** The items with the one at `from` at the place `to`. */
export function move<T>(items: readonly T[], from: number, to: number): T[] {
  const rest = items.filter((_, index) => index !== from);
  const moved = items[from];
  return moved === undefined ? [...items] : [...rest.slice(0, to), moved, ...rest.slice(to)];
}

export interface CellText {
  text: string;
  /** The exact value, for the title and the clipboard. */
  full: string;
  missing: boolean;
}

const nothing: CellText = { text: "", full: "", missing: true };
const times = new Set(["start_time", "end_time"]);

/** Text of a cell: metrics with so many significant digits, all others as they are. */
export function cellText(value: Value | undefined, column: Column, digits: number): CellText {
  if (value === undefined || value === null || value === "") return nothing;
  if (column.kind === "metric")
    return {
      text: digits > 15 ? String(value) : formatNumber(toNumber(value as number), digits),
      full: String(value),
      missing: false,
    };
  if (times.has(column.id) && typeof value === "number") {
    const text = formatTime(value);
    return { text, full: text, missing: false };
  }
  if (column.id === "datasets")
    return {
      text: String(value)
        .replaceAll(/@[^\n]*/g, "")
        .replaceAll("\n", ", "),
      full: String(value),
      missing: false,
    };
  return { text: String(value), full: String(value), missing: false };
}
