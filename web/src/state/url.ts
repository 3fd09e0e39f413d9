/** The search part of every address: flat text, so that links stay readable and nothing is lost on the way. */
export type Search = Record<string, string | undefined>;

export function parseSearch(text: string): Search {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(search))
    if (typeof value === "string" && value !== "") parts.append(name, value);
  const text = parts.toString().replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%2F", "/");
  return text ? `?${text}` : "";
}

/** A list in one value: items joined by commas, a comma or backslash inside escaped. Empty items do not occur. */
export const encodeList = (items: readonly string[]): string | undefined =>
  items.length === 0 ? undefined : items.map((item) => item.replace(/[\\,]/g, "\\$&")).join(",");

export function decodeList(text: string | undefined): string[] {
  if (!text) return [];
  const items: string[] = [];
  let item = "";
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === "\\" && at + 1 < text.length) {
      at += 1;
      item += text[at];
    } else if (sign === ",") {
      items.push(item);
      item = "";
    } else item += sign;
  }
  items.push(item);
  return items.filter((one) => one !== "");
}

export interface SortKey {
  field: string;
  descending: boolean;
}

/** A minus means descending, as in `-metrics.auc,start_time`. */
export const encodeSort = (sort: readonly SortKey[]): string | undefined =>
  encodeList(sort.map(({ field, descending }) => (descending ? `-${field}` : field)));

export const decodeSort = (text: string | undefined): SortKey[] =>
  decodeList(text)
    .map((item) =>
      item.startsWith("-") ? { field: item.slice(1), descending: true } : { field: item, descending: false },
    )
    .filter(({ field }) => field !== "");

/** Ascending, descending, unsorted; with `keep` the other keys stay, which makes a sort by several. */
export function cycleSort(sort: readonly SortKey[], field: string, keep: boolean, descendingFirst: boolean): SortKey[] {
  const at = sort.findIndex((key) => key.field === field);
  const current = sort[at];
  const next = !current
    ? { field, descending: descendingFirst }
    : current.descending === descendingFirst
      ? { field, descending: !descendingFirst }
      : undefined;
  if (!keep) return next ? [next] : [];
  if (!current) return next ? [...sort, next] : [...sort];
  return sort.flatMap((key, index) => (index === at ? (next ? [next] : []) : [key]));
}

/** A range of x as `a..b`. */
export function decodeRange(text: string | undefined): [number, number] | undefined {
  const [from, to] = (text ?? "").split("..").map(Number.parseFloat);
  return from !== undefined && to !== undefined && from < to ? [from, to] : undefined;
}

export const encodeRange = (range: readonly [number, number] | undefined): string | undefined =>
  range ? `${Number.parseFloat(range[0].toPrecision(12))}..${Number.parseFloat(range[1].toPrecision(12))}` : undefined;

/** One of a few words, or the first of them. */
export const oneOf = <T extends string>(text: string | undefined, words: readonly [T, ...T[]]): T =>
  words.find((word) => word === text) ?? words[0];
