import type { KeyList } from "@/api/types";

/** Entries of a layout that stand for every key of a kind that is not named otherwise, however many there are. */
export const everyKind = ["metrics.*", "params.*", "tags.*"] as const;
export type Every = (typeof everyKind)[number];

export const isEvery = (id: string): id is Every => everyKind.some((one) => one === id);

/** A layout with what its entries stand for: named columns first, then what `metrics.*` and its kind add, in the order of the keys. */
export function expand(
  layout: readonly string[],
  keys: KeyList | undefined,
  hidden: readonly string[],
): { ids: string[]; added: string[] } {
  const named = layout.filter((id) => !isEvery(id));
  const without = new Set([...named, ...hidden]);
  const added = layout.filter(isEvery).flatMap((every) => {
    const kind = every.slice(0, -2) as "metrics" | "params" | "tags";
    return (keys?.[kind] ?? []).map((key) => `${kind}.${key}`).filter((id) => !without.has(id));
  });
  return { ids: [...named, ...added], added };
}

/**
 * The layout that shows these columns, again with the entries that stand for many: what still follows the order of the keys at the end
 * is left to them, what was moved is named, and what is missing is hidden.
 */
export function compress(
  ids: readonly string[],
  layout: readonly string[],
  added: readonly string[],
  hidden: readonly string[],
): { columns: string[]; hidden: string[] } {
  const every = layout.filter(isEvery);
  if (every.length === 0) return { columns: [...ids], hidden: [] };
  const places = new Map(added.map((id, at) => [id, at]));
  let end = ids.length;
  for (let before = Number.POSITIVE_INFINITY; end > 0; end--) {
    const place = places.get(ids[end - 1] ?? "");
    if (place === undefined || place >= before) break;
    before = place;
  }
  const shown = new Set(ids);
  const gone = added.filter((id) => !shown.has(id));
  return { columns: [...ids.slice(0, end), ...every], hidden: [...new Set([...hidden, ...gone])] };
}
