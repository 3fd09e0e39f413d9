/** The data of media items, as docs/formats/media.md has it. What a server sends is read as hostile: shapes that do not fit are nothing. */
export interface Histogram {
  edges: number[];
  counts: number[];
  missing: number;
}

export interface FileCell {
  type: "image" | "audio" | "video";
  path: string;
}
export type TableCell = string | number | boolean | null | FileCell;
export interface MediaTable {
  columns: string[];
  rows: TableCell[][];
}

export interface Confusion {
  labels: string[];
  /** Rows are actual classes, columns predicted ones. */
  counts: number[][];
  rows?: MediaTable & { actual: number[]; predicted: number[] };
}

/** A curve with both its axes in 0 to 1. */
export interface RateCurve {
  label: string;
  x: number[];
  y: number[];
  thresholds: (number | undefined)[];
  /** Area under a ROC curve, or average precision; absent when the client did not say. */
  area: number | undefined;
  positives: number | undefined;
  negatives: number | undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const numbers = (value: unknown): number[] | undefined =>
  Array.isArray(value) && value.every((one) => typeof one === "number") ? (value as number[]) : undefined;
const texts = (value: unknown): string[] | undefined =>
  Array.isArray(value) && value.every((one) => typeof one === "string") ? (value as string[]) : undefined;
const numberOf = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

export function histogramOf(value: unknown): Histogram | undefined {
  if (!isObject(value)) return undefined;
  const edges = numbers(value.edges);
  const counts = numbers(value.counts);
  if (!edges || !counts || edges.length < 2 || counts.length !== edges.length - 1) return undefined;
  return { edges, counts, missing: numberOf(value.missing) ?? 0 };
}

export function tableOf(value: unknown): MediaTable | undefined {
  if (!isObject(value)) return undefined;
  const columns = texts(value.columns) ?? (Array.isArray(value.columns) ? value.columns.map(String) : undefined);
  // Tables in files are as pandas writes them with the orient "split", where rows are called data.
  const rows = value.rows ?? value.data;
  if (!columns || !Array.isArray(rows) || !rows.every(Array.isArray)) return undefined;
  return { columns, rows: (rows as unknown[][]).map((row) => row.map(cellOf)) };
}

function cellOf(value: unknown): TableCell {
  if (isObject(value)) {
    const { type, path } = value;
    if ((type === "image" || type === "audio" || type === "video") && typeof path === "string") return { type, path };
    return JSON.stringify(value);
  }
  return Array.isArray(value) ? JSON.stringify(value) : ((value ?? null) as TableCell);
}

export function confusionOf(value: unknown): Confusion | undefined {
  if (!isObject(value)) return undefined;
  const labels = texts(value.labels);
  const counts = Array.isArray(value.counts) ? value.counts.map(numbers) : [];
  const size = labels?.length ?? 0;
  if (!labels || size === 0 || counts.length !== size || !counts.every((row) => row?.length === size)) return undefined;
  const table = tableOf(value.rows);
  const actual = isObject(value.rows) ? numbers(value.rows.actual) : undefined;
  const predicted = isObject(value.rows) ? numbers(value.rows.predicted) : undefined;
  const attached = table && actual?.length === table.rows.length && predicted?.length === table.rows.length;
  return {
    labels,
    counts: counts as number[][],
    ...(attached && actual && predicted ? { rows: { ...table, actual, predicted } } : {}),
  };
}

export function curvesOf(type: "roc" | "pr", value: unknown): RateCurve[] | undefined {
  if (!isObject(value) || !Array.isArray(value.curves)) return undefined;
  const [xName, yName, areaName] =
    type === "roc" ? ["falsePositiveRate", "truePositiveRate", "auc"] : ["recall", "precision", "averagePrecision"];
  const curves = value.curves.filter(isObject).map((curve, index) => {
    const x = numbers(curve[xName as string]);
    const y = numbers(curve[yName as string]);
    if (!x || !y || x.length === 0 || x.length !== y.length) return undefined;
    const thresholds = Array.isArray(curve.thresholds) ? curve.thresholds : [];
    return {
      label: typeof curve.label === "string" ? curve.label : `curve ${index + 1}`,
      x,
      y,
      thresholds: x.map((_, at) => {
        const one = thresholds[at];
        return one === "Infinity" || one === "-Infinity" ? Number(one) : numberOf(one);
      }),
      area: numberOf(curve[areaName as string]),
      positives: numberOf(curve.positives),
      negatives: numberOf(curve.negatives),
    };
  });
  return curves.every((curve) => curve !== undefined) && curves.length > 0 ? curves : undefined;
}

export function textOf(value: unknown): { text: string; markdown: boolean } | undefined {
  if (!isObject(value) || typeof value.text !== "string") return undefined;
  return { text: value.text, markdown: value.format === "markdown" };
}
