import type { RunRow } from "@/api/types";

export interface KeyGroup {
  prefix: string;
  keys: string[];
}

export const isSystem = (key: string): boolean => key.startsWith("system/");

/** What is known of a metric: how many of some runs have it, and the points of the longest series among them. */
export interface KeyFacts {
  runs: number;
  points: number;
}

export function factsOf(rows: readonly RunRow[]): Map<string, KeyFacts> {
  const facts = new Map<string, KeyFacts>();
  for (const row of rows)
    for (const [key, { count }] of Object.entries(row.metrics)) {
      const known = facts.get(key);
      facts.set(key, { runs: (known?.runs ?? 0) + 1, points: Math.max(known?.points ?? 0, count) });
    }
  return facts;
}

/**
 * What a key is grouped by: what stands before its last slash. What machines report is grouped by the part that it is about, the first word of its name, as in
 * `system/gpu0_percent`.
 */
export function prefixOf(key: string): string {
  const part = isSystem(key) ? /^system\/[^/_]+(?=_)/.exec(key)?.[0] : undefined;
  return part ?? key.slice(0, Math.max(0, key.lastIndexOf("/")));
}

/**
 * Keys by their prefixes. What most runs have comes first, then what makes the longer curve; both are told
 * apart only roughly, so that groups keep their places while runs log. Else keys without a prefix come first.
 */
export function groupKeys(keys: readonly string[], facts: ReadonlyMap<string, KeyFacts> = new Map()): KeyGroup[] {
  const groups = new Map<string, string[]>();
  for (const key of keys) {
    const prefix = prefixOf(key);
    const list = groups.get(prefix);
    if (list) list.push(key);
    else groups.set(prefix, [key]);
  }
  const mostRuns = greatest([...facts.values()].map(({ runs }) => runs));
  const weigh = (list: readonly string[]): number => {
    const runs = greatest(list.map((key) => facts.get(key)?.runs ?? 0));
    const points = greatest(list.map((key) => facts.get(key)?.points ?? 0));
    return (runs * 2 >= mostRuns ? 10 : 0) + (points >= 8 ? 2 : points > 1 ? 1 : 0);
  };
  return [...groups]
    .map(([prefix, list]) => ({ prefix, keys: list, weight: weigh(list) }))
    .sort((a, b) => b.weight - a.weight || compareText(a.prefix, b.prefix))
    .map(({ prefix, keys: list }) => ({ prefix, keys: list }));
}

const greatest = (values: readonly number[]): number => values.reduce((most, one) => Math.max(most, one), 0);

const compareText = (a: string, b: string): number => a.localeCompare(b, "en", { numeric: true });

export interface KeyMatch {
  keys: string[];
  /** Why the text is no regular expression. */
  error: string | undefined;
}

/** Keys that contain the text, or match it as a regular expression when it holds signs of one. */
export function matchKeys(keys: readonly string[], text: string): KeyMatch {
  const wanted = text.trim();
  if (wanted === "") return { keys: [...keys], error: undefined };
  if (!/[\\^$*+?()[\]{}|]/.test(wanted)) {
    const lower = wanted.toLowerCase();
    return { keys: keys.filter((key) => key.toLowerCase().includes(lower)), error: undefined };
  }
  try {
    const pattern = new RegExp(wanted, "i");
    return { keys: keys.filter((key) => pattern.test(key)), error: undefined };
  } catch (cause) {
    return {
      keys: [],
      error: cause instanceof Error ? cause.message.replace(/^Invalid regular expression: /, "") : String(cause),
    };
  }
}
