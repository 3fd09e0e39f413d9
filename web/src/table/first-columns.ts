import type { KeyList, RunRow } from "@/api/types";
import { isSystem } from "@/charts/prepare/groups";

/** Columns of a table that nobody arranged yet; `kept` are those that later runs cannot push out. */
export interface FirstColumns {
  metrics: string[];
  params: string[];
  kept: ReadonlySet<string>;
}

const mostMetrics = 4;
const mostParams = 3;

export const noColumns: FirstColumns = { metrics: [], params: [], kept: new Set() };

/** Results before times: beside the panels there is room for a few columns only. */
export const firstIds = ({ metrics, params }: FirstColumns): string[] => [
  "name",
  "status",
  ...metrics.map((key) => `metrics.${key}`),
  ...params.map((key) => `params.${key}`),
  "start_time",
  "duration",
];

/**
 * The params and metrics that tell the runs apart: held by most, different in value, results of a test or a validation first. What
 * was chosen for such a reason stays where it is; what only fills the room makes way as runs arrive.
 */
export function chooseColumns(rows: readonly RunRow[], keys: KeyList, before: FirstColumns = noColumns): FirstColumns {
  const kept = new Set<string>();
  const choose = (kind: "metrics" | "params", names: readonly string[], most: number): string[] => {
    const scored = names
      .map((key) => ({ key, ...weigh(rows, kind, key) }))
      .sort((a, b) => b.score - a.score)
      .filter(({ score }) => score > 0 || rows.length === 0);
    const old = before[kind].filter((key) => before.kept.has(`${kind}.${key}`) && names.includes(key));
    const chosen = [...new Set([...old, ...scored.map(({ key }) => key)])].slice(0, most);
    const tells = new Set(scored.filter(({ telling }) => telling).map(({ key }) => key));
    for (const key of chosen) if (old.includes(key) || tells.has(key)) kept.add(`${kind}.${key}`);
    return chosen;
  };
  return {
    metrics: choose(
      "metrics",
      keys.metrics.filter((key) => !isSystem(key)),
      mostMetrics,
    ),
    params: choose("params", keys.params, mostParams),
    kept,
  };
}

/** Greater is better; `telling` when at least half of several runs have it and not all the same. */
function weigh(rows: readonly RunRow[], kind: "metrics" | "params", key: string): { score: number; telling: boolean } {
  const values = rows.map((row) => (kind === "params" ? row.params[key] : row.metrics[key]?.last));
  const held = values.filter((value) => value !== undefined);
  const varies = new Set(held).size > 1;
  const share = held.length / Math.max(1, rows.length);
  const liking = kind === "metrics" ? preference(key) : 1;
  return { score: share * (varies ? 1 : 0.3) * liking, telling: varies && held.length > 2 && share >= 0.5 };
}

/** Results on data that no training saw say most; one class of many, or what belongs to a fold, says little. */
function preference(key: string): number {
  const split = /(^|[/_.-])test([/_.-]|$)/i.test(key)
    ? 1.6
    : /(^|[/_.-])(val|valid|validation|eval|dev)([/_.-]|$)/i.test(key)
      ? 1.5
      : 1;
  const goal = /loss|acc|auc|f1|error|mse|mae|score|reward|perplexity/i.test(key) ? 1.2 : 1;
  return split * goal * (key.split("/").length > 2 ? 0.6 : 1);
}
