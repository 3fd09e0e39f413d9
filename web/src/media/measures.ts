import type { Confusion, RateCurve } from "./shapes";

export interface ClassMeasures {
  label: string;
  actual: number;
  predicted: number;
  recall: number;
  precision: number;
  f1: number;
}

export interface ConfusionMeasures {
  total: number;
  accuracy: number;
  classes: ClassMeasures[];
  /** Means over the classes that occur. */
  macro: { recall: number; precision: number; f1: number };
}

const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : Number.NaN);

/** What a confusion matrix says in numbers: for each class recall c_ii / row sum, precision c_ii / column sum, and their harmonic mean. */
export function measure({ labels, counts }: Confusion): ConfusionMeasures {
  const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0);
  const classes = labels.map((label, at) => {
    const hits = counts[at]?.[at] ?? 0;
    const actual = sum(counts[at] ?? []);
    const predicted = sum(counts.map((row) => row[at] ?? 0));
    return {
      label,
      actual,
      predicted,
      recall: ratio(hits, actual),
      precision: ratio(hits, predicted),
      f1: ratio(2 * hits, actual + predicted),
    };
  });
  const total = sum(classes.map((one) => one.actual));
  const hits = sum(labels.map((_, at) => counts[at]?.[at] ?? 0));
  const mean = (name: "recall" | "precision" | "f1") => {
    const known = classes.map((one) => one[name]).filter((value) => !Number.isNaN(value));
    return ratio(sum(known), known.length);
  };
  return {
    total,
    accuracy: ratio(hits, total),
    classes,
    macro: { recall: mean("recall"), precision: mean("precision"), f1: mean("f1") },
  };
}

export type Share = "counts" | "actual" | "predicted";

/** The cells of a matrix as counts, as shares of what each class is (rows), or of what was taken for it (columns). */
export function sharesOf({ counts }: Confusion, share: Share): number[][] {
  if (share === "counts") return counts;
  const rows = counts.map((row) => row.reduce((sum, one) => sum + one, 0));
  const columns = counts.map((_, at) => counts.reduce((sum, row) => sum + (row[at] ?? 0), 0));
  return counts.map((row, i) => row.map((count, j) => ratio(count, (share === "actual" ? rows[i] : columns[j]) ?? 0)));
}

/** The point of a curve that lies nearest to a place, both axes 0 to 1. */
export function nearest(curves: readonly RateCurve[], x: number, y: number): { curve: number; at: number } | undefined {
  let best: { curve: number; at: number } | undefined;
  let least = Number.POSITIVE_INFINITY;
  curves.forEach((curve, index) => {
    curve.x.forEach((one, at) => {
      const distance = (one - x) ** 2 + ((curve.y[at] ?? 0) - y) ** 2;
      if (distance < least) {
        least = distance;
        best = { curve: index, at };
      }
    });
  });
  return best;
}

/** The last of some steps that is not above another, else the first: what is shown at a step where nothing was logged. */
export function placeOf(steps: readonly number[], step: number | undefined): number {
  if (step === undefined) return steps.length - 1;
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] ?? 0) <= step) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
