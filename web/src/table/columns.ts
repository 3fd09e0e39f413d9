import type { RunColumns, RunRow } from "@/api/types";
import { formatNumber, toNumber } from "@/state/format";
import { decodeList, encodeList } from "@/state/url";
import { fieldOf } from "./filter";

export type ColumnKind = "attribute" | "metric" | "param" | "tag";

export interface Column {
  /** `metrics.loss:min`, `params.lr`, `start_time`: unique, and readable in an address. */
  id: string;
  kind: ColumnKind;
  key: string;
  /** Which of a metric's values. */
  pick: "last" | "min" | "max";
  title: string;
  width: number;
  numeric: boolean;
}

const attributeColumns: Record<string, { title: string; width: number; numeric?: boolean }> = {
  name: { title: "Name", width: 240 },
  status: { title: "Status", width: 104 },
  start_time: { title: "Started", width: 112 },
  duration: { title: "Duration", width: 104, numeric: true },
  user: { title: "User", width: 112 },
  end_time: { title: "Ended", width: 112 },
  run_id: { title: "Run id", width: 128 },
  parent_id: { title: "Parent", width: 128 },
  datasets: { title: "Datasets", width: 200 },
};

export const attributeIds = Object.keys(attributeColumns);

export function columnOf(id: string): Column | undefined {
  const attribute = attributeColumns[id];
  if (attribute) return { id, kind: "attribute", key: id, pick: "last", numeric: false, ...attribute };
  const dot = id.indexOf(".");
  const entity = id.slice(0, dot);
  const rest = id.slice(dot + 1);
  if (dot < 0 || rest === "") return undefined;
  if (entity === "params")
    return { id, kind: "param", key: rest, pick: "last", title: rest, width: 120, numeric: false };
  if (entity === "tags") return { id, kind: "tag", key: rest, pick: "last", title: rest, width: 140, numeric: false };
  if (entity !== "metrics") return undefined;
  const [, key = rest, pick] = /^(.*):(min|max)$/.exec(rest) ?? [];
  return {
    id,
    kind: "metric",
    key,
    pick: pick === "min" || pick === "max" ? pick : "last",
    title: pick ? `${key} ${pick}` : key,
    width: 120,
    numeric: true,
  };
}

/** The field of the filter language that a column sorts by. */
export function sortField(column: Column): string {
  if (column.kind === "attribute") return column.key;
  const field = fieldOf(`${column.kind}s`, column.key);
  return column.pick === "last" ? field : `${field}:${column.pick}`;
}

export interface Layout {
  columns: Column[];
  /** Ids that stay at the left edge. The name always does. */
  pinned: ReadonlySet<string>;
}

export function layoutOf(ids: readonly string[], pinnedIds: readonly string[]): Layout {
  const pinned = new Set(["name", ...pinnedIds]);
  const unique = [...new Set(["name", ...ids])];
  const columns = unique.map(columnOf).filter((column) => column !== undefined);
  return { columns: [...columns.filter((c) => pinned.has(c.id)), ...columns.filter((c) => !pinned.has(c.id))], pinned };
}

export const encodeColumns = (ids: readonly string[]): string | undefined => encodeList(ids);
export const decodeColumns = (text: string | undefined): string[] | undefined => (text ? decodeList(text) : undefined);

/** What the server has to send so that these columns can be shown. */
export function wantedKeys(columns: readonly Column[]): RunColumns {
  const of = (kind: ColumnKind) => [
    ...new Set(columns.filter((column) => column.kind === kind).map((column) => column.key)),
  ];
  return {
    metrics: of("metric"),
    params: of("param"),
    tags: of("tag"),
    inputs: columns.some((column) => column.id === "datasets"),
  };
}

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

/** Text of a metric, param or tag cell. */
export function cellText(row: RunRow, column: Column): CellText {
  if (column.kind === "metric") {
    const summary = row.metrics[column.key];
    const value = column.pick === "last" ? summary?.last : summary?.[column.pick];
    if (!summary || value === undefined) return nothing;
    return {
      text: formatNumber(toNumber(value)),
      full: `${value} at step ${summary.step}, ${summary.count} points`,
      missing: false,
    };
  }
  const text = column.kind === "param" ? row.params[column.key] : row.tags[column.key];
  return text === undefined ? nothing : { text, full: text, missing: false };
}
