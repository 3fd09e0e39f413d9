import type { ExperimentInfo } from "@/api/types";
import type { SortKey } from "@/state/url";

const value = (one: ExperimentInfo, field: string): number | string => {
  if (field === "name") return one.name.toLowerCase();
  if (field === "runs") return one.summary?.runs ?? 0;
  if (field === "created") return one.createdAt;
  return one.summary?.lastActivityAt || one.createdAt;
};

/** Experiments whose name or tags hold the text, in the order asked for, starred ones first; equal ones by name. */
export function arrange(
  experiments: readonly ExperimentInfo[],
  text: string,
  sort: SortKey,
  starred: ReadonlySet<string> = new Set(),
): ExperimentInfo[] {
  const wanted = text.trim().toLowerCase();
  const hit = (one: ExperimentInfo) =>
    one.name.toLowerCase().includes(wanted) ||
    one.id === wanted ||
    Object.entries(one.tags).some(([key, tag]) => `${key}=${tag}`.toLowerCase().includes(wanted));
  const sign = sort.descending ? -1 : 1;
  return experiments
    .filter((one) => wanted === "" || hit(one))
    .sort((a, b) => {
      const stars = Number(starred.has(b.id)) - Number(starred.has(a.id));
      if (stars !== 0) return stars;
      const first = value(a, sort.field);
      const second = value(b, sort.field);
      if (first === second) return a.name.localeCompare(b.name, "en", { numeric: true });
      return (first < second ? -1 : 1) * sign;
    });
}
