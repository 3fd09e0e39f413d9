import type { Axis, Frame } from "@/api/types";
import { type Smoothing, smooth } from "./smooth";

/** null is a gap (NaN, infinity, or not drawable on a log scale); undefined means that this series has no point at this x. */
export type Cell = number | null | undefined;

export type Role = "line" | "raw" | "low" | "high";

export interface Column {
  runId: string;
  role: Role;
}

export interface Curves {
  x: number[];
  /** One array a column, each as long as x. */
  values: Cell[][];
  columns: Column[];
  /** Pairs of column indexes, upper then lower. */
  bands: [number, number][];
  /** Runs that have the metric. */
  runIds: string[];
  points: number;
  bucketed: boolean;
  /** Points of the lines that a log scale cannot show. */
  notPositive: number;
  /** Points of the lines that are NaN or infinite. */
  notFinite: number;
}

export interface CurveOptions {
  axis: Axis;
  smoothing: Smoothing;
  log: boolean;
  /** The horizontal axis is logarithmic too, so that what is not above 0 has no place. */
  xLog?: boolean;
  /** Bands blur the picture when there are many runs; above this number they are left out. */
  bandsUpTo?: number;
}

/** What a line chart draws, from what the server sent. */
export function prepareCurves(frames: readonly Frame[], options: CurveOptions): Curves {
  const placed = options.xLog ? frames.map(positive) : frames;
  const used = placed.filter((frame) => frame.x.length > 0);
  const scale = options.axis === "time" ? 0.001 : 1;
  const xs = used.map((frame) => Array.from(frame.x, (x) => x * scale));
  const { x, places } = align(xs);
  const result: Curves = {
    x,
    values: [],
    columns: [],
    bands: [],
    runIds: used.map((frame) => frame.runId),
    points: used.reduce((sum, frame) => sum + frame.points, 0),
    bucketed: used.some((frame) => !frame.exact),
    notPositive: options.xLog ? lost(frames) - lost(placed) : 0,
    notFinite: 0,
  };
  const withBands = used.length <= (options.bandsUpTo ?? 8);
  // What comes first is drawn first: no band lies over a line.
  if (withBands) for (const [index, frame] of used.entries()) addBand(result, frame, places[index] ?? [], options);
  for (const [index, frame] of used.entries()) addLine(result, frame, places[index] ?? [], options);
  return result;
}

const lost = (frames: readonly Frame[]): number => frames.reduce((sum, frame) => sum + frame.x.length, 0);

/** A frame without what lies at or below zero, which ascending x has at its beginning. */
function positive(frame: Frame): Frame {
  let first = 0;
  while (first < frame.x.length && !((frame.x[first] as number) > 0)) first += 1;
  if (first === 0) return frame;
  const cut = (values: ArrayLike<number>) => Array.prototype.slice.call(values, first) as number[];
  const { x, last, min, max, mean } = frame;
  return {
    ...frame,
    x: cut(x),
    last: cut(last),
    ...(min && { min: cut(min) }),
    ...(max && { max: cut(max) }),
    ...(mean && { mean: cut(mean) }),
  };
}

function addBand(result: Curves, frame: Frame, places: readonly number[], { log }: CurveOptions): void {
  if (frame.exact || !frame.min || !frame.max) return;
  const high = addColumn(result, { runId: frame.runId, role: "high" }, places, read(frame.max, log));
  const low = addColumn(result, { runId: frame.runId, role: "low" }, places, read(frame.min, log));
  result.bands.push([high, low]);
}

function addLine(result: Curves, frame: Frame, places: readonly number[], { log, smoothing }: CurveOptions): void {
  const source = frame.exact || !frame.mean ? frame.last : frame.mean;
  for (let at = 0; at < source.length; at++) {
    const value = source[at] as number;
    if (!Number.isFinite(value)) result.notFinite += 1;
    else if (log && value <= 0) result.notPositive += 1;
  }
  const { runId } = frame;
  const line = read(source, log);
  if (smoothing.amount > 0) addColumn(result, { runId, role: "raw" }, places, line);
  addColumn(result, { runId, role: "line" }, places, smoothing.amount > 0 ? smooth(line, smoothing) : line);
}

/** The index of the column. */
function addColumn(
  result: Curves,
  column: Column,
  places: readonly number[],
  values: readonly (number | null)[],
): number {
  const cells: Cell[] = new Array(result.x.length).fill(undefined);
  values.forEach((value, at) => {
    cells[places[at] ?? 0] = value;
  });
  result.columns.push(column);
  return result.values.push(cells) - 1;
}

const read = (values: ArrayLike<number>, log: boolean) => Array.from(values, (value) => drawable(value, log));

const drawable = (value: number, log: boolean): number | null =>
  Number.isFinite(value) && (!log || value > 0) ? value : null;

/**
 * One ascending x for several series, and for each series where its points went. A step that a series has twice keeps both points.
 */
export function align(xs: readonly (readonly number[])[]): { x: number[]; places: number[][] } {
  const times = new Map<number, number>();
  for (const one of xs) {
    for (let at = 0; at < one.length; ) {
      const value = one[at] as number;
      let next = at + 1;
      while (next < one.length && one[next] === value) next += 1;
      times.set(value, Math.max(times.get(value) ?? 0, next - at));
      at = next;
    }
  }
  const x: number[] = [];
  const start = new Map<number, number>();
  for (const value of [...times.keys()].sort((a, b) => a - b)) {
    start.set(value, x.length);
    for (let count = times.get(value) ?? 0; count > 0; count--) x.push(value);
  }
  const places = xs.map((one) => {
    let before = Number.NaN;
    let place = 0;
    return one.map((value) => {
      place = value === before ? place + 1 : (start.get(value) ?? 0);
      before = value;
      return place;
    });
  });
  return { x, places };
}

/** The value of a column nearest to an index, looking at most `reach` places to both sides. */
export function nearest(
  values: readonly Cell[],
  index: number,
  reach = 400,
): { at: number; value: number | null } | undefined {
  for (let away = 0; away <= reach; away++) {
    for (const at of away === 0 ? [index] : [index - away, index + away]) {
      const value = values[at];
      if (value !== undefined) return { at, value };
    }
  }
  return undefined;
}
