import type { Curves } from "./curves";

export type Range = [number, number];

/** A range moved by a part of its length, on a logarithmic axis by that part of its decades. */
export function shift([from, to]: Range, part: number, log: boolean): Range {
  if (!log) return [from + part * (to - from), to + part * (to - from)];
  const factor = (to / from) ** part;
  return [from * factor, to * factor];
}

/** A range that is shorter or longer by a factor, around its middle. */
export function scale([from, to]: Range, factor: number, log: boolean): Range {
  if (!log) {
    const middle = (from + to) / 2;
    const half = ((to - from) / 2) * factor;
    return [middle - half, middle + half];
  }
  const middle = Math.sqrt(from * to);
  const half = Math.sqrt(to / from) ** factor;
  return [middle / half, middle * half];
}

/** What of a range lies outside is drawn beyond the edge. */
const tail = 0.01;
const mostSampled = 20_000;

/**
 * A vertical range that leaves out what lies far from nearly all points: from the first to the last hundredth of the values, with a tenth of room; undefined when
 * that is hardly less than everything.
 */
export function withoutOutliers(curves: Curves, log: boolean): Range | undefined {
  const values: number[] = [];
  const lines = curves.columns.flatMap(({ role }, index) => (role === "line" ? [curves.values[index] ?? []] : []));
  const each = Math.ceil(lines.reduce((sum, line) => sum + line.length, 0) / mostSampled) || 1;
  for (const line of lines)
    for (let at = 0; at < line.length; at += each) {
      const value = line[at];
      if (value !== undefined && value !== null) values.push(log ? Math.log10(value) : value);
    }
  if (values.length < 20) return undefined;
  values.sort((a, b) => a - b);
  const from = values[Math.floor(tail * (values.length - 1))] as number;
  const to = values[Math.ceil((1 - tail) * (values.length - 1))] as number;
  const whole = (values.at(-1) as number) - (values[0] as number);
  if (from === to || whole < 1.5 * (to - from)) return undefined;
  const room = (to - from) * 0.1;
  const range: Range = [Math.max(values[0] as number, from - room), Math.min(values.at(-1) as number, to + room)];
  return log ? [10 ** range[0], 10 ** range[1]] : range;
}
