import type { Changed } from "./follow";
import { keys, renew } from "./queries";

export const sharedMediaKey = ["shared-media"] as const;
export const comparedMediaKey = ["compared-media"] as const;

/** What changes nothing of the numbers and names of runs. */
const apart = new Set(["console", "comments", "media", "artifacts"]);
const ofMedia = new Set(["media", "artifacts"]);

const has = (changed: Changed, wanted: (kind: string) => boolean): boolean =>
  changed.all || [...changed.runs.values()].some((kinds) => [...kinds].some(wanted));

const isImportance = (queryKey: readonly unknown[]): boolean => queryKey[1] === "importance";

/** Reads again what panels draw of many runs together: bands of groups, columns, things to look at. Only panels that are mounted ask. */
export async function refreshPanels(changed: Changed): Promise<void> {
  const touched = ({ queryKey }: { queryKey: readonly unknown[] }) =>
    changed.all ||
    (queryKey[1] as string[]).some((id) => [...(changed.runs.get(id) ?? [])].some((kind) => ofMedia.has(kind)));
  await Promise.all([
    ...(has(changed, (kind) => !apart.has(kind))
      ? [
          renew({ queryKey: keys.groups }),
          renew({ queryKey: keys.columns, predicate: ({ queryKey }) => !isImportance(queryKey) }),
        ]
      : []),
    ...(has(changed, (kind) => ofMedia.has(kind))
      ? [sharedMediaKey, comparedMediaKey].map((queryKey) => renew({ queryKey, predicate: touched }))
      : []),
  ]);
}

/** Measures again what metrics depend on, which takes the server a second or more. */
export async function refreshImportance(changed: Changed): Promise<void> {
  if (!has(changed, (kind) => !apart.has(kind))) return;
  await renew({ queryKey: keys.columns, predicate: ({ queryKey }) => isImportance(queryKey) });
}
