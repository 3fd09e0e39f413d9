import type { Columns } from "@/panels/queries";

export type Value = string | number | null;

/** A field of runs as numbers: metrics, times, and params that are written as numbers. NaN where there is none. */
export function numbersOf(values: readonly Value[]): Float64Array {
  return Float64Array.from(values, (value) => {
    if (typeof value === "number") return value;
    return value === null || value.trim() === "" ? Number.NaN : Number(value);
  });
}

/** Whether a field is to be read as numbers: nearly everything that is there is one. */
export function isNumeric(values: readonly Value[]): boolean {
  let present = 0;
  let numbers = 0;
  for (const value of values) {
    if (value === null) continue;
    present += 1;
    if (typeof value === "number" || (value.trim() !== "" && !Number.isNaN(Number(value)))) numbers += 1;
  }
  return present > 0 && numbers >= present * 0.9;
}

/** The different values of a field, the most frequent first. */
export function categoriesOf(values: readonly Value[]): { value: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || a.value.localeCompare(b.value, "en", { numeric: true }));
}

/** An axis that any field fits on: numbers on a scale, or categories in order. */
export interface FieldScale {
  field: string;
  kind: "number" | "category";
  log: boolean;
  /** The range of numbers, or 0 to one less than the number of categories. */
  from: number;
  to: number;
  categories: readonly string[];
  /** Where each run lies: its number, or the place of its category; NaN where it has none. */
  values: Float64Array;
}

const mostCategories = 60;

/**
 * A scale for a field. Positive numbers that span more than three decades, with as many below their geometric as above it about, are read better in decades; `log`
 * decides otherwise.
 */
export function scaleOf(field: string, values: readonly Value[], log?: boolean): FieldScale {
  if (!isNumeric(values)) {
    const categories = categoriesOf(values)
      .slice(0, mostCategories)
      .map(({ value }) => value)
      .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    const place = new Map(categories.map((value, at) => [value, at]));
    const places = Float64Array.from(values, (value) =>
      value === null ? Number.NaN : (place.get(String(value)) ?? Number.NaN),
    );
    return {
      field,
      kind: "category",
      log: false,
      from: 0,
      to: Math.max(1, categories.length - 1),
      categories,
      values: places,
    };
  }
  const numbers = numbersOf(values);
  const { least, greatest, leastPositive } = extent(numbers);
  const inDecades = log ?? (least > 0 && greatest / least > 500);
  const isLog = inDecades && leastPositive < Number.POSITIVE_INFINITY;
  const from = isLog ? leastPositive : least;
  const to = Number.isFinite(greatest) ? greatest : 1;
  const low = Number.isFinite(from) ? from : 0;
  const same = low === to;
  return {
    field,
    kind: "number",
    log: isLog,
    from: same && !isLog ? low - 0.5 : same ? low / 2 : low,
    to: same && !isLog ? to + 0.5 : same ? to * 2 : to,
    categories: [],
    values: numbers,
  };
}

function extent(numbers: Float64Array): { least: number; greatest: number; leastPositive: number } {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  let leastPositive = Number.POSITIVE_INFINITY;
  for (const value of numbers) {
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
    if (value > 0 && value < leastPositive) leastPositive = value;
  }
  return { least, greatest, leastPositive };
}

/** Where a value lies on a scale, 0 to 1; NaN where it has no place. */
export function place(scale: FieldScale, value: number): number {
  if (!Number.isFinite(value) || (scale.log && value <= 0)) return Number.NaN;
  return scale.log
    ? Math.log(value / scale.from) / Math.log(scale.to / scale.from)
    : (value - scale.from) / (scale.to - scale.from);
}

/** The value at a place of a scale, the inverse of `place`. */
export const valueAt = (scale: FieldScale, part: number): number =>
  scale.log ? scale.from * (scale.to / scale.from) ** part : scale.from + part * (scale.to - scale.from);

/** A column by its field; nulls where it was not read. */
export const columnOf = (columns: Columns, field: string): readonly Value[] =>
  columns.values.get(field) ?? columns.runs.map(() => null);
