import type { Block } from "../blocks/block";

/** What a person entered. */
export interface Entries {
  experiment: string;
  /** The id of a saved view of the experiment; empty for none. */
  view: string;
  filter: string;
  /** Separated by commas, as are columns. */
  keys: string;
  columns: string;
  path: string;
  pick: "last" | "min" | "max";
}

const listOf = (text: string): string[] =>
  text
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");

/** The members of the block that was asked for; nothing as long as something is missing. */
export function describeBlock(
  kind: Block["kind"],
  entries: Entries,
  runs: readonly string[],
): Record<string, unknown> | undefined {
  const keys = listOf(entries.keys);
  const columns = listOf(entries.columns);
  const [run] = runs;
  switch (kind) {
    case "chart":
      return keys.length > 0 && hasRuns(entries, runs) ? { kind, keys, ...chosen(entries, runs) } : undefined;
    case "table":
      return hasRuns(entries, runs)
        ? { kind, ...chosen(entries, runs), ...(columns.length > 0 ? { columns } : {}) }
        : undefined;
    case "run":
      return run ? { kind, run } : undefined;
    case "image":
      return run && entries.path.trim() !== "" ? { kind, run, path: entries.path.trim() } : undefined;
    case "metric":
      return run && keys[0] ? { kind, run, key: keys[0], pick: entries.pick } : undefined;
  }
}

const hasRuns = ({ experiment }: Entries, runs: readonly string[]) => runs.length > 0 || experiment !== "";

function chosen({ experiment, view, filter }: Entries, runs: readonly string[]) {
  if (runs.length > 0) return { runs };
  const condition = filter.trim();
  return { experiment, ...(view === "" ? {} : { view }), ...(condition === "" ? {} : { filter: condition }) };
}
