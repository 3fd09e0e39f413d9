import type { Histogram } from "./shapes";

export interface Densities {
  /** Edges of even bins over everything that the histograms hold. */
  from: number;
  to: number;
  /** For each histogram its share a bin; together at most 1. */
  shares: number[][];
  /** The greatest share of all. */
  most: number;
}

/**
 * Histograms of any edges on the same even bins, so that they can be seen beside each other: a bin's count is spread evenly over its width. Values at a single
 * point (a bin without width cannot be, as edges ascend) keep their sum.
 */
export function densities(histograms: readonly Histogram[], bins = 64): Densities {
  const used = histograms.flatMap(({ edges, counts }) =>
    counts.flatMap((count, at) => (count > 0 ? [edges[at] ?? 0, edges[at + 1] ?? 0] : [])),
  );
  const from = used.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
  const to = used.reduce((most, one) => Math.max(most, one), Number.NEGATIVE_INFINITY);
  if (!(from < to)) return { from: 0, to: 1, shares: histograms.map(() => new Array(bins).fill(0)), most: 0 };
  const shares = histograms.map((histogram) => rebin(histogram, from, to, bins));
  return { from, to, shares, most: shares.reduce((most, row) => Math.max(most, ...row), 0) };
}

function rebin({ edges, counts }: Histogram, from: number, to: number, bins: number): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0) || 1;
  const width = (to - from) / bins;
  const shares = new Array<number>(bins).fill(0);
  counts.forEach((count, at) => {
    const low = edges[at] ?? 0;
    const high = edges[at + 1] ?? 0;
    if (count <= 0 || high <= low) return;
    const first = Math.max(0, Math.min(bins - 1, Math.floor((low - from) / width)));
    const last = Math.max(first, Math.min(bins - 1, Math.ceil((high - from) / width) - 1));
    for (let bin = first; bin <= last; bin++) {
      const overlap = Math.min(high, from + (bin + 1) * width) - Math.max(low, from + bin * width);
      shares[bin] = (shares[bin] ?? 0) + (count / total) * Math.max(0, overlap / (high - low));
    }
  });
  return shares;
}
