import type { RunSource } from "@/panels/source";
import { formatCount, formatNumber, plural } from "@/state/format";

export interface ShownMedia {
  source: RunSource;
  /** Runs that the panel could show, those that were looked at, and of these the ones with and without something under the key. */
  runs: number;
  looked: number;
  found: number;
  missing: number;
  /** Runs on the screen. */
  shown: number;
  step: number | undefined;
}

/** How many runs a panel of media shows, of how many, and how many have nothing there. */
export function describeMedia({ source, runs, looked, found, missing, shown, step }: ShownMedia): string {
  const all = source.kind === "search" ? source.count : runs;
  const more = source.kind === "search" && !source.exact ? "+" : "";
  const part = shown < found || looked < runs || runs < all;
  const first = part
    ? `${formatCount(shown)} of ${formatCount(Math.max(all, runs))}${more} runs`
    : plural(shown + missing, "run");
  const lack = `${formatCount(missing)} ${missing === 1 ? "has" : "have"} nothing`;
  const where = step === undefined ? "" : ` up to step ${formatNumber(step, 8)}`;
  const unseen = looked < all ? `first ${formatCount(looked)} looked at` : undefined;
  return [first, unseen, missing > 0 ? `${lack}${where}` : undefined].filter((text) => text !== undefined).join("; ");
}
