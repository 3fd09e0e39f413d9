import type { ColumnFacts } from "@/api/types";
import { toNumber } from "@/state/format";
import type { Goal } from "./goals";
import type { Value } from "./rows/reader";

/** How good a value is among those of its column, 0 to 1; undefined where that cannot be said. */
export function standing(value: Value | undefined, facts: ColumnFacts | undefined, goal: Goal): number | undefined {
  if (typeof value !== "number" || !facts) return undefined;
  const [low, high] = [toNumber(facts.min), toNumber(facts.max)];
  if (!(high > low)) return undefined;
  const at = Math.max(0, Math.min(1, (value - low) / (high - low)));
  return goal === "max" ? at : 1 - at;
}

/** The ground of a cell: the better, the stronger. It stays light enough for any text. */
export const tintOf = (at: number): string =>
  `color-mix(in srgb, var(--series-2) ${Math.round(at * 34)}%, transparent)`;

/** Whether all the runs that were looked at agree in a column, or none has it. */
export const isConstant = (facts: ColumnFacts | undefined, runs: number): boolean =>
  facts === undefined || (facts.distinct <= 1 && facts.runs === runs);
