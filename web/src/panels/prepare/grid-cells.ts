import { type FieldScale, place, valueAt } from "./columns";

/** The mean of a value in even cells over two fields. */
export interface Cells {
  x: string[];
  y: string[];
  /** Column, row, mean, runs; only where there are runs. */
  cells: [number, number, number, number][];
  least: number;
  greatest: number;
}

const side = 16;
const mostDistinct = 24;

/** Cells of even width on numbers, of one value each where there are few, and of one category each. */
export function cellsOf(x: FieldScale, y: FieldScale, values: ArrayLike<number>, count = side): Cells {
  const across = stepsOf(x, count);
  const upright = stepsOf(y, count);
  const columns = across.names.length;
  const sums = new Map<number, { sum: number; runs: number }>();
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    const column = across.step(x.values[at] as number);
    const row = upright.step(y.values[at] as number);
    if (!Number.isFinite(value) || column < 0 || row < 0) continue;
    const key = row * columns + column;
    const cell = sums.get(key) ?? { sum: 0, runs: 0 };
    cell.sum += value;
    cell.runs += 1;
    sums.set(key, cell);
  }
  const cells = [...sums].map(([key, { sum, runs }]): [number, number, number, number] => [
    key % columns,
    Math.floor(key / columns),
    sum / runs,
    runs,
  ]);
  const means = cells.map(([, , mean]) => mean);
  return { x: across.names, y: upright.names, cells, least: Math.min(...means), greatest: Math.max(...means) };
}

interface Steps {
  names: string[];
  /** Which of them a value belongs to; -1 for none. */
  step: (value: number) => number;
}

function stepsOf(scale: FieldScale, count: number): Steps {
  if (scale.kind === "category")
    return { names: [...scale.categories], step: (value) => (Number.isNaN(value) ? -1 : value) };
  const distinct = new Set<number>();
  for (const value of scale.values) {
    if (Number.isFinite(value)) distinct.add(value);
    if (distinct.size > mostDistinct) break;
  }
  if (distinct.size <= mostDistinct) {
    const sorted = [...distinct].sort((a, b) => a - b);
    const places = new Map(sorted.map((value, at) => [value, at]));
    return { names: sorted.map(String), step: (value) => places.get(value) ?? -1 };
  }
  return {
    names: Array.from({ length: count }, (_, at) => String(valueAt(scale, (at + 0.5) / count))),
    step: (value) => {
      const part = place(scale, value);
      return Number.isNaN(part) ? -1 : Math.min(count - 1, Math.max(0, Math.floor(part * count)));
    },
  };
}

/** Values at the corners of an even grid over two numeric fields, each the mean of all runs weighted by a Gaussian of their distance; NaN far from all runs. */
export function surfaceOf(x: FieldScale, y: FieldScale, values: ArrayLike<number>, count: number): Float64Array {
  const width = 1.5 / side;
  const points: [number, number, number][] = [];
  // Two thousand runs, evenly chosen, have the shape of all of them.
  const each = Math.max(1, Math.floor(values.length / 2000));
  for (let at = 0; at < values.length; at += each) {
    const point: [number, number, number] = [
      place(x, x.values[at] as number),
      place(y, y.values[at] as number),
      values[at] as number,
    ];
    if (point.every(Number.isFinite)) points.push(point);
  }
  const surface = new Float64Array(count * count).fill(Number.NaN);
  for (let row = 0; row < count; row++)
    for (let column = 0; column < count; column++) {
      let [sum, weights] = [0, 0];
      for (const [px, py, value] of points) {
        const away = ((px - column / (count - 1)) / width) ** 2 + ((py - row / (count - 1)) / width) ** 2;
        if (away > 12) continue;
        const weight = Math.exp(-0.5 * away);
        sum += weight * value;
        weights += weight;
      }
      if (weights > 0.02) surface[row * count + column] = sum / weights;
    }
  return surface;
}

export type Segment = [number, number, number, number];

/** Where a surface has a level: straight pieces from edge to edge of its cells, in cells (marching squares). */
export function contour(surface: Float64Array, count: number, level: number): Segment[] {
  const found: Segment[] = [];
  const at = (column: number, row: number) => surface[row * count + column] as number;
  for (let row = 0; row + 1 < count; row++)
    for (let column = 0; column + 1 < count; column++) {
      const corners = [at(column, row), at(column + 1, row), at(column + 1, row + 1), at(column, row + 1)] as const;
      if (corners.some(Number.isNaN)) continue;
      const cuts = crossings(corners, level).map(([dx, dy]) => [column + dx, row + dy] as const);
      for (let pair = 0; pair + 1 < cuts.length; pair += 2) {
        const [from, to] = [cuts[pair], cuts[pair + 1]];
        if (from && to) found.push([from[0], from[1], to[0], to[1]]);
      }
    }
  return found;
}

/** The points on the four edges of a cell where a level is passed, around it. */
function crossings([a, b, c, d]: readonly [number, number, number, number], level: number): [number, number][] {
  const part = (one: number, other: number) => (level - one) / (other - one);
  const passes = (one: number, other: number) => one >= level !== other >= level;
  const cuts: [number, number][] = [];
  if (passes(a, b)) cuts.push([part(a, b), 0]);
  if (passes(b, c)) cuts.push([1, part(b, c)]);
  if (passes(c, d)) cuts.push([1 - part(c, d), 1]);
  if (passes(d, a)) cuts.push([0, 1 - part(d, a)]);
  return cuts;
}
