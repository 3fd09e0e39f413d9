import type { Frame } from "@/api/types";

export interface Bar {
  runId: string;
  value: number;
  /** Where the bar starts and ends, 0..1 of the room; both where zero is for a value that is not finite. */
  from: number;
  to: number;
}

/** One bar a run, greatest value first, when no run has more than one point; nothing when there is a curve to draw. */
export function prepareBars(frames: readonly Frame[]): Bar[] | undefined {
  const used = frames.filter((frame) => frame.points > 0);
  if (used.length === 0 || used.some((frame) => frame.points > 1 || frame.last.length !== 1)) return undefined;
  const values = used.map((frame) => Number(frame.last[0]));
  const finite = values.filter(Number.isFinite);
  const least = Math.min(0, ...finite);
  const span = Math.max(0, ...finite) - least;
  const place = (value: number) => (span === 0 ? 0 : (value - least) / span);
  return used
    .map(({ runId }, index) => {
      const value = values[index] as number;
      const shown = Number.isFinite(value) ? value : 0;
      return { runId, value, from: place(Math.min(0, shown)), to: place(Math.max(0, shown)) };
    })
    .sort(greatestFirst);
}

function greatestFirst({ value: a }: Bar, { value: b }: Bar): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a === b ? 0 : a < b ? 1 : -1;
}
