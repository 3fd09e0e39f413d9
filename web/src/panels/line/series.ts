import type { Frame, MetricGroup, MetricGroups } from "@/api/types";
import { type Expression, ExpressionError, parseExpression } from "@/panels/prepare/expression";
import type { BandKind } from "@/panels/prepare/kinds";
import { plain } from "@/panels/prepare/outline";

/** The name of a curve: the run, and the metric where a panel has several. */
export const seriesId = (runId: string, key: string, several: boolean): string =>
  several ? `${runId}\n${key}` : runId;

/** Frames of several metrics under names of their own, as lines of one picture. */
export const nameFrames = (frames: readonly Frame[], keys: readonly string[]): Frame[] =>
  keys.length < 2 ? [...frames] : frames.map((frame) => ({ ...frame, runId: seriesId(frame.runId, frame.key, true) }));

/** Reads an expression for a panel: it, or what is wrong with it. */
export function tryExpression(text: string): { expression: Expression } | { error: string } {
  try {
    return { expression: parseExpression(text) };
  } catch (cause) {
    if (cause instanceof ExpressionError) return { error: `${cause.message} (at ${cause.at + 1})` };
    throw cause;
  }
}

/**
 * One curve a run, computed from several metrics: at every x that all of them have, and where they are drawn from buckets at those of the first metric, with the
 * mean of each other one's bucket that x lies in. Exact only where every part is.
 */
export function combineFrames(
  frames: readonly Frame[],
  keys: readonly string[],
  evaluate: Expression["evaluate"],
): Frame[] {
  const byRun = new Map<string, Map<string, Frame>>();
  for (const frame of frames) {
    const known = byRun.get(frame.runId) ?? new Map<string, Frame>();
    byRun.set(frame.runId, known.set(frame.key, frame));
  }
  return [...byRun].map(([runId, parts]) => combine(runId, keys, parts, evaluate));
}

function combine(
  runId: string,
  keys: readonly string[],
  parts: ReadonlyMap<string, Frame>,
  evaluate: Expression["evaluate"],
): Frame {
  const used = keys.map((key) => parts.get(key)).filter((frame) => frame !== undefined);
  const nothing: Frame = { runId, key: "", exact: true, points: 0, x: [], last: [] };
  const [first] = used;
  if (!first || used.length < keys.length) return nothing;
  const exact = used.every((frame) => frame.exact);
  const sources = used.map((frame) => (frame.exact || !frame.mean ? frame.last : frame.mean));
  const places = used.map(() => 0);
  const x: number[] = [];
  const last: number[] = [];
  for (let at = 0; at < first.x.length; at++) {
    const now = first.x[at] as number;
    const values = used.map((frame, index) => {
      if (index === 0) return sources[0]?.[at] ?? Number.NaN;
      let place = places[index] as number;
      while (place + 1 < frame.x.length && (frame.x[place + 1] as number) <= now) place += 1;
      places[index] = place;
      const found = frame.x[place] as number | undefined;
      if (found === undefined || found > now || (frame.exact && found !== now)) return undefined;
      return sources[index]?.[place] as number;
    });
    if (values.some((value) => value === undefined)) continue;
    x.push(now);
    last.push(evaluate(values as number[]));
  }
  return exact
    ? { runId, key: "", exact, points: x.length, x, last }
    : { runId, key: "", exact, points: Math.min(...used.map((frame) => frame.points)), x, last, mean: last };
}

/** What is read beside the mean of a group, as the lower and the upper border. */
export function groupFrame(group: MetricGroup, x: ArrayLike<number>, id: string, band: BandKind): Frame {
  const places: number[] = [];
  for (let at = 0; at < x.length; at++) if ((group.count[at] as number) > 0) places.push(at);
  const read = (from: (at: number) => number) => Float64Array.from(places, from);
  const mean = read((at) => group.mean[at] as number);
  const frame: Frame = {
    runId: id,
    key: "",
    exact: false,
    points: places.length,
    x: read((at) => x[at] as number),
    last: mean,
    mean,
  };
  if (band === "none") return frame;
  if (band === "range")
    return { ...frame, min: read((at) => group.min[at] as number), max: read((at) => group.max[at] as number) };
  const spread = (at: number) => {
    const deviation = group.deviation[at] as number;
    return band === "error" ? deviation / Math.sqrt(group.count[at] as number) : deviation;
  };
  return {
    ...frame,
    min: read((at) => (group.mean[at] as number) - spread(at)),
    max: read((at) => (group.mean[at] as number) + spread(at)),
  };
}

/** The name of a group: the values in which its runs agree. */
export function groupName({ by }: MetricGroup, groupBy: readonly string[]): string {
  if (groupBy.length === 0) return "All runs";
  return groupBy.map((field) => `${plain(field)} ${by[field] ?? "–"}`).join(", ");
}

export const mostGroups = 20;

/** The largest groups as frames with their names. */
export function groupFrames(
  answer: MetricGroups,
  groupBy: readonly string[],
  band: BandKind,
): { frames: Frame[]; names: Map<string, string> } {
  const shown = answer.groups.slice(0, mostGroups);
  const names = new Map(shown.map((group) => [`group ${groupName(group, groupBy)}`, groupName(group, groupBy)]));
  return {
    frames: shown.map((group) => groupFrame(group, answer.x, `group ${groupName(group, groupBy)}`, band)),
    names,
  };
}
