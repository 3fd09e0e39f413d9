import { categoriesOf, type Value } from "./columns";

/** The value below which a part of sorted numbers lies, between two of them by their distance (type 7 of Hyndman and Fan, 1996). */
export function quantile(sorted: ArrayLike<number>, part: number): number {
  const at = part * (sorted.length - 1);
  const low = Math.floor(at);
  const below = sorted[low] ?? Number.NaN;
  const above = sorted[Math.min(sorted.length - 1, low + 1)] ?? below;
  return below + (at - low) * (above - below);
}

export interface Box {
  name: string;
  count: number;
  /** Least and greatest value within one and a half times the height of the box, as Tukey draws it. */
  low: number;
  lower: number;
  median: number;
  upper: number;
  high: number;
  mean: number;
  outliers: number[];
  sorted: Float64Array;
}

const mostOutliers = 500;

export function boxOf(name: string, values: readonly number[]): Box | undefined {
  const sorted = Float64Array.from(values.filter(Number.isFinite)).sort();
  if (sorted.length === 0) return undefined;
  const [lower, median, upper] = [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)];
  const reach = 1.5 * (upper - lower);
  const inside = sorted.filter((value) => value >= lower - reach && value <= upper + reach);
  return {
    name,
    count: sorted.length,
    low: inside[0] ?? median,
    lower,
    median,
    upper,
    high: inside.at(-1) ?? median,
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    outliers: Array.from(sorted.filter((value) => value < lower - reach || value > upper + reach)).slice(
      0,
      mostOutliers,
    ),
    sorted,
  };
}

/** The values of runs by another field, the most frequent of its values first; one group of all without a field. */
export function groupValues(
  values: ArrayLike<number>,
  by: readonly Value[] | undefined,
  most: number,
): { groups: { name: string; values: number[] }[]; omitted: number } {
  if (!by) return { groups: [{ name: "All runs", values: Array.from(values) }], omitted: 0 };
  const categories = categoriesOf(by);
  const groups = new Map(categories.slice(0, most).map(({ value }): [string, number[]] => [value, []]));
  by.forEach((value, at) => {
    if (value !== null) groups.get(String(value))?.push(values[at] as number);
  });
  return {
    groups: [...groups]
      .map(([name, found]) => ({ name, values: found }))
      .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true })),
    omitted: Math.max(0, categories.length - most),
  };
}

export interface Bin {
  from: number;
  to: number;
  count: number;
}

/**
 * How often values lie in ranges of even width, in decades with `log`. Without a number of ranges as wide as Freedman and Diaconis advise (1981): twice the
 * range of the middle half, divided by the cube root of the number of values; between 5 and 100 ranges.
 */
export function histogram(values: ArrayLike<number>, bins: number | undefined, log: boolean): Bin[] {
  const used = Float64Array.from(Array.from(values).filter((value) => Number.isFinite(value) && (!log || value > 0)));
  if (used.length === 0) return [];
  const scaled = (log ? used.map(Math.log10) : used).sort();
  const from = scaled[0] as number;
  const to = scaled.at(-1) as number;
  const width = (2 * (quantile(scaled, 0.75) - quantile(scaled, 0.25))) / Math.cbrt(scaled.length);
  const advised = width > 0 ? Math.ceil((to - from) / width) : 10;
  const count = from === to ? 1 : (bins ?? Math.max(5, Math.min(100, advised)));
  const step = from === to ? 1 : (to - from) / count;
  const start = from === to ? from - 0.5 : from;
  const counts = new Array<number>(count).fill(0);
  for (const value of scaled) {
    const at = Math.min(count - 1, Math.floor((value - start) / step));
    counts[at] = (counts[at] ?? 0) + 1;
  }
  const edge = (at: number) => (log ? 10 ** (start + at * step) : start + at * step);
  return counts.map((found, at) => ({ from: edge(at), to: edge(at + 1), count: found }));
}

/** A smooth curve of how dense values lie (a Gaussian kernel, its width by Silverman's rule), at places of even distance. */
export function density(sorted: Float64Array, points: number): { at: number; value: number }[] {
  const count = sorted.length;
  if (count === 0) return [];
  const from = sorted[0] as number;
  const to = sorted[count - 1] as number;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  const deviation = Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, count - 1));
  const spread = Math.min(deviation, (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 1.34) || deviation || 1;
  const width = 0.9 * spread * count ** -0.2;
  // Of very many values an even choice has the same shape.
  const each = Math.max(1, Math.floor(count / 2000));
  return Array.from({ length: points }, (_, index) => {
    const at = from - width + ((to - from + 2 * width) * index) / (points - 1);
    let sum = 0;
    for (let one = 0; one < count; one += each) sum += Math.exp(-0.5 * ((at - (sorted[one] as number)) / width) ** 2);
    return { at, value: sum };
  });
}

/** Ranks of values, those that are equal sharing the mean of theirs; only where both of a pair are finite. */
function ranks(values: readonly number[]): Float64Array {
  const order = values.map((_, at) => at).sort((a, b) => (values[a] as number) - (values[b] as number));
  const result = new Float64Array(values.length);
  for (let at = 0; at < order.length; ) {
    let end = at;
    while (end + 1 < order.length && values[order[end + 1] as number] === values[order[at] as number]) end += 1;
    for (let one = at; one <= end; one++) result[order[one] as number] = (at + end) / 2;
    at = end + 1;
  }
  return result;
}

/** Spearman's rank correlation of what both have, -1 to 1, and of how many; NaN where one is constant or fewer than three have both. */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): { value: number; count: number } {
  const one: number[] = [];
  const other: number[] = [];
  for (let at = 0; at < a.length; at++) {
    const [x, y] = [a[at] as number, b[at] as number];
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    one.push(x);
    other.push(y);
  }
  if (one.length < 3) return { value: Number.NaN, count: one.length };
  return { value: pearson(ranks(one), ranks(other)), count: one.length };
}

function pearson(a: Float64Array, b: Float64Array): number {
  const middle = (a.length - 1) / 2;
  let [both, first, second] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    const x = (a[at] as number) - middle;
    const y = (b[at] as number) - middle;
    both += x * y;
    first += x * x;
    second += y * y;
  }
  return first === 0 || second === 0 ? Number.NaN : both / Math.sqrt(first * second);
}

export interface BarValue {
  name: string;
  value: number;
  count: number;
  deviation: number;
}

/** A bar for each run, or for all runs that agree in a field with their mean and sample deviation; the greatest first. */
export function barsOf(
  values: ArrayLike<number>,
  by: readonly Value[] | undefined,
  names: readonly string[],
  most: number,
): { bars: BarValue[]; omitted: number } {
  const bars = by
    ? groupValues(values, by, Number.POSITIVE_INFINITY).groups.flatMap(({ name, values: found }) =>
        summary(name, found),
      )
    : names.flatMap((name, at) => summary(name, [values[at] as number]));
  bars.sort((a, b) => b.value - a.value);
  return { bars: bars.slice(0, most), omitted: Math.max(0, bars.length - most) };
}

function summary(name: string, values: readonly number[]): BarValue[] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [];
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  const squares = finite.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = finite.length < 2 ? 0 : Math.sqrt(squares / (finite.length - 1));
  return [{ name, value: mean, count: finite.length, deviation }];
}
