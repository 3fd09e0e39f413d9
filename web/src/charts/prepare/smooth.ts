/**
 * Exponential moving average with `weight` in 0..1 for the past, corrected for its start from zero, so that the first values are
 * not pulled down. Values that are not finite are gaps: they stay gaps and do not disturb what follows.
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  if (weight <= 0) return [...values];
  const keep = Math.min(weight, 0.999);
  let sum = 0;
  let correction = 0;
  return values.map((value) => {
    if (value === null || !Number.isFinite(value)) return null;
    sum = keep * sum + (1 - keep) * value;
    correction = keep * correction + (1 - keep);
    return sum / correction;
  });
}
