import { move } from "@/table/columns";

/** Column ids in order; the first is the name, which stays where it is. */
export type Order = readonly string[];

/** The column one place further; at an end nothing changes. */
export function moveBy(ids: Order, id: string, by: number): Order {
  const at = ids.indexOf(id);
  const to = at + by;
  return at < 1 || to < 1 || to >= ids.length ? ids : move(ids, at, to);
}

/** The column before or after another one. */
export function moveTo(ids: Order, id: string, target: string, after: boolean): Order {
  if (id === target || !ids.includes(id)) return ids;
  const rest = ids.filter((one) => one !== id);
  const at = rest.indexOf(target) + (after ? 1 : 0);
  return [...rest.slice(0, Math.max(1, at)), id, ...rest.slice(Math.max(1, at))];
}

/** With another column behind one that is shown. */
export function addAfter(ids: Order, target: string, id: string): Order {
  return ids.includes(id) ? ids : ids.flatMap((one) => (one === target ? [one, id] : [one]));
}
