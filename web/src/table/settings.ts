import type { Part } from "@/workspace/settings";
import type { Goal } from "./goals";

/** Which figure stands in the cells of a group. */
export type GroupFigure = "mean" | "median" | "min" | "max" | "best";
export const groupFigures: readonly GroupFigure[] = ["mean", "median", "min", "max", "best"];

/** How the table of an experiment is arranged; kept in the workspace, and in saved views. */
export interface TableSettings {
  /** Ids of columns in order, and entries such as `metrics.*`; absent as long as nobody arranged them. */
  columns?: readonly string[];
  /** Ids that such entries leave out. */
  hidden: readonly string[];
  pinned: readonly string[];
  /** Widths in pixels by column id. */
  widths: Readonly<Record<string, number>>;
  /** Significant digits of metrics. */
  digits: number;
  /** Leaves out columns in which all runs agree. */
  hideConstant: boolean;
  /** Tints cells that differ from the first selected run, or from the first row. */
  highlight: boolean;
  /** Ids of columns whose cells are tinted by their value. */
  gradients: readonly string[];
  goals: Readonly<Record<string, Goal>>;
  figure: GroupFigure;
}

export const standardSettings: TableSettings = {
  hidden: [],
  pinned: [],
  widths: {},
  digits: 5,
  hideConstant: false,
  highlight: false,
  gradients: [],
  goals: {},
  figure: "mean",
};

export const digitChoices = [3, 4, 5, 6, 8, 17] as const;
const mostColumns = 20_000;

const texts = (value: unknown): string[] | undefined =>
  Array.isArray(value)
    ? value.filter((one): one is string => typeof one === "string").slice(0, mostColumns)
    : undefined;

function record<T>(value: unknown, read: (one: unknown) => T | undefined): Record<string, T> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  const found = Object.entries(value).flatMap(([key, one]) => {
    const kept = read(one);
    return kept === undefined ? [] : [[key, kept] as const];
  });
  return Object.fromEntries(found.slice(0, mostColumns));
}

/** Settings from what was kept; what is not as expected is as if it had never been set. */
export function readTable(part: Part | undefined): TableSettings {
  if (!part) return standardSettings;
  const columns = texts(part.columns);
  const { digits, figure } = part;
  return {
    ...(columns && columns.length > 0 ? { columns } : {}),
    hidden: texts(part.hidden) ?? [],
    pinned: texts(part.pinned) ?? [],
    widths: record(part.widths, (one) => (typeof one === "number" && one >= 64 && one <= 800 ? one : undefined)),
    digits: typeof digits === "number" && Number.isInteger(digits) && digits >= 1 && digits <= 17 ? digits : 5,
    hideConstant: part.hideConstant === true,
    highlight: part.highlight === true,
    gradients: texts(part.gradients) ?? [],
    goals: record(part.goals, (one) => (one === "min" || one === "max" ? one : undefined)),
    figure: groupFigures.find((one) => one === figure) ?? "mean",
  };
}

/** What is kept: only what differs from the standard. */
export function writeTable(settings: TableSettings): Part {
  return Object.fromEntries(
    Object.entries(settings).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(standardSettings[name as keyof TableSettings]),
    ),
  );
}
