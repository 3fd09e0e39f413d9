/**
 * How a curve is made smooth. `ema`: exponential moving average, `amount` is the weight of the past, 0 to below 1. `gaussian`: mean weighted by a
 * bell of standard deviation `amount` points to both sides. `mean`: mean of `amount` points, the value in their middle.
 */
export interface Smoothing {
  kind: "ema" | "gaussian" | "mean";
  amount: number;
}

export type Smoothed = (number | null)[];

export const noSmoothing: Smoothing = { kind: "ema", amount: 0 };

export const smoothingKinds = ["ema", "gaussian", "mean"] as const;

/** The greatest amount that each kind takes, and the step between two amounts. */
export const smoothingRange: Record<Smoothing["kind"], { most: number; step: number }> = {
  ema: { most: 0.99, step: 0.01 },
  gaussian: { most: 50, step: 1 },
  mean: { most: 200, step: 1 },
};

/** `0.9`, `gaussian:5`, `mean:20`; what is no smoothing is none. */
export function decodeSmoothing(text: string | undefined): Smoothing {
  const [, name = "ema", digits] = /^(?:(ema|gaussian|mean):)?(\d*\.?\d+)$/.exec(text ?? "") ?? [];
  const kind = smoothingKinds.find((one) => one === name) ?? "ema";
  const amount = Math.min(Number.parseFloat(digits ?? "0"), smoothingRange[kind].most);
  return amount > 0 ? { kind, amount } : noSmoothing;
}

export const encodeSmoothing = ({ kind, amount }: Smoothing): string | undefined =>
  amount <= 0 ? undefined : kind === "ema" ? String(amount) : `${kind}:${amount}`;

/**
 * The smooth curve of values; null where the value is not finite. Such gaps stay gaps and do not disturb what stands around them. No
 * value leaves the range of those it is made of.
 */
export function smooth(values: readonly (number | null)[], { kind, amount }: Smoothing): Smoothed {
  if (amount <= 0) return [...values];
  if (kind === "ema") return average(values, Math.min(amount, 0.999));
  const places = finitePlaces(values);
  const points = Float64Array.from(places, (at) => values[at] as number);
  const made = kind === "mean" ? running(points, amount) : bell(points, amount);
  const result: Smoothed = new Array(values.length).fill(null);
  places.forEach((at, index) => {
    result[at] = made[index] ?? null;
  });
  return result;
}

const isValue = (value: number | null | undefined): value is number =>
  typeof value === "number" && Number.isFinite(value);

function finitePlaces(values: readonly (number | null)[]): number[] {
  const places: number[] = [];
  for (let at = 0; at < values.length; at++) if (isValue(values[at])) places.push(at);
  return places;
}

/** Corrected for its start from zero, so that the first values are not pulled down. */
function average(values: readonly (number | null)[], keep: number): Smoothed {
  let sum = 0;
  let correction = 0;
  return values.map((value) => {
    if (!isValue(value)) return null;
    sum = keep * sum + (1 - keep) * value;
    correction = keep * correction + (1 - keep);
    return sum / correction;
  });
}

/** At the ends over as many points as there are to both sides, so that a slope is not flattened there. */
function running(points: Float64Array, window: number): Float64Array {
  const half = Math.floor(Math.max(1, window) / 2);
  const sums = new Float64Array(points.length + 1);
  for (let at = 0; at < points.length; at++) sums[at + 1] = (sums[at] ?? 0) + (points[at] ?? 0);
  return points.map((_, at) => {
    const reach = Math.min(half, at, points.length - 1 - at);
    return ((sums[at + reach + 1] ?? 0) - (sums[at - reach] ?? 0)) / (2 * reach + 1);
  });
}

/** Three deviations to each side hold 99.7 % of the bell; at the ends reached alike. */
function bell(points: Float64Array, deviation: number): Float64Array {
  const half = Math.ceil(3 * deviation);
  const weights = Float64Array.from({ length: half + 1 }, (_, away) => Math.exp(-0.5 * (away / deviation) ** 2));
  return points.map((point, at) => {
    const reach = Math.min(half, at, points.length - 1 - at);
    let sum = point;
    let total = 1;
    for (let away = 1; away <= reach; away++) {
      const weight = weights[away] ?? 0;
      sum += weight * ((points[at - away] ?? 0) + (points[at + away] ?? 0));
      total += 2 * weight;
    }
    return sum / total;
  });
}
