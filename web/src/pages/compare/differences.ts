import type { RunRow } from "@/api/types";
import { isSystem } from "@/charts/prepare/groups";
import { formatDuration, formatNumber, toNumber } from "@/state/format";

export interface Cell {
  text: string;
  title: string;
}

export interface DifferenceRow {
  key: string;
  cells: (Cell | undefined)[];
  differs: boolean;
  /** Indexes of the best runs, when the name of the metric says which end is good. */
  best: ReadonlySet<number>;
  /** Which end that is. */
  goal: "low" | "high" | undefined;
}

export interface DifferenceSection {
  title: string;
  rows: DifferenceRow[];
}

const low =
  /(^|[/_.\-\s])(loss|error|err|rmse|mse|mae|mape|perplexity|ppl|nll|wer|cer|fid|brier|logloss|log_loss|cross_?entropy)($|[/_.\-\s\d])/i;
const high =
  /(^|[/_.\-\s])(acc|accuracy|auc|auroc|auprc|aucpr|f1|f1_?score|precision|recall|r2|r_?squared|map|ndcg|bleu|rouge|iou|dice|score|kappa|mcc)($|[/_.\-\s\d@])/i;

/** Whether less or more of a metric is better, as far as its name tells. */
export function goalOf(metric: string): "low" | "high" | undefined {
  const name = metric.slice(metric.lastIndexOf("/") + 1);
  if (low.test(name)) return "low";
  return high.test(name) ? "high" : undefined;
}

export const byName = (a: string, b: string) => a.localeCompare(b, "en", { numeric: true });
const keysOf = (rows: readonly RunRow[], pick: (row: RunRow) => object) =>
  [...new Set(rows.flatMap((row) => Object.keys(pick(row))))].sort(byName);

/** A row of texts; a value that is missing is a difference too. */
export function textRow(key: string, values: (string | undefined)[]): DifferenceRow {
  return {
    key,
    cells: values.map((value) => (value === undefined ? undefined : { text: value, title: value })),
    differs: new Set(values).size > 1,
    best: new Set(),
    goal: undefined,
  };
}

function metricRow(key: string, rows: readonly RunRow[]): DifferenceRow {
  const values = rows.map((row) => (row.metrics[key] ? toNumber(row.metrics[key].last) : undefined));
  const goal = goalOf(key);
  const finite = values.filter((value) => value !== undefined && Number.isFinite(value)) as number[];
  const target = goal === "low" ? Math.min(...finite) : Math.max(...finite);
  const differs = new Set(values.map(String)).size > 1;
  const best = new Set(
    goal && differs && finite.length > 1 ? values.flatMap((value, at) => (value === target ? [at] : [])) : [],
  );
  return {
    key,
    cells: values.map((value, at) => {
      const summary = rows[at]?.metrics[key];
      return value === undefined || !summary
        ? undefined
        : { text: formatNumber(value), title: `${summary.last} at step ${summary.step}` };
    }),
    differs,
    best,
    goal,
  };
}

/** Everything that can differ between runs, a row a key. */
export function differences(rows: readonly RunRow[]): DifferenceSection[] {
  const facts = [
    textRow(
      "status",
      rows.map(({ info }) => info.status),
    ),
    textRow(
      "user",
      rows.map(({ info }) => info.user || undefined),
    ),
    textRow(
      "duration",
      rows.map(({ info }) => (info.endTime === undefined ? undefined : formatDuration(info.endTime - info.startTime))),
    ),
    textRow(
      "datasets",
      rows.map(
        (row) =>
          row.inputs.map(({ dataset }) => `${dataset.name} ${dataset.digest.slice(0, 15)}`).join(", ") || undefined,
      ),
    ),
  ].filter((row) => row.cells.some((cell) => cell !== undefined));
  return [
    {
      title: "Metrics",
      rows: keysOf(rows, (row) => row.metrics)
        .filter((key) => !isSystem(key))
        .map((key) => metricRow(key, rows)),
    },
    {
      title: "Params",
      rows: keysOf(rows, (row) => row.params).map((key) =>
        textRow(
          key,
          rows.map((row) => row.params[key]),
        ),
      ),
    },
    {
      title: "Tags",
      rows: keysOf(rows, (row) => row.tags).map((key) =>
        textRow(
          key,
          rows.map((row) => row.tags[key]),
        ),
      ),
    },
    { title: "Facts", rows: facts },
  ];
}
