import type { Search } from "@/state/url";

/** Runs that are named, or those that a search finds when the report is read. */
export interface RunChoice {
  runs: string[];
  experiment?: string;
  filter: string;
  orderBy: string[];
  /** A saved view of the experiment: what it says and the block does not is taken from it. */
  view?: string;
}

export interface ChartBlock extends RunChoice {
  kind: "chart";
  keys: string[];
  /** Axis, scale and smoothing as an address has them; what is not said is not in it. */
  look: Search;
  zoom?: [number, number];
  groupBy: string[];
}

export interface TableBlock extends RunChoice {
  kind: "table";
  columns: string[];
  limit: number;
}

export interface RunBlock {
  kind: "run";
  run: string;
}

export interface ImageBlock {
  kind: "image";
  run: string;
  path: string;
  caption?: string;
}

export interface MetricBlock {
  kind: "metric";
  run: string;
  key: string;
  pick: "last" | "min" | "max";
}

/** What a report shows live (docs/formats/report.md). */
export type Block = ChartBlock | TableBlock | RunBlock | ImageBlock | MetricBlock;

export const blockKinds = ["chart", "table", "run", "image", "metric"] as const;

export const mostTableRows = 200;
const tableRows = 20;

/** Thrown with what a block lacks and where, in words for who wrote it. */
export class BlockError extends Error {}

/** Reads the JSON of a block; members it does not know have no effect. Throws {@link BlockError}. */
export function readBlock(json: string): Block {
  const fields = new Fields(parse(json));
  const kind = fields.word("kind", blockKinds);
  switch (kind) {
    case "chart":
      return { kind, ...chosenRuns(fields), ...chart(fields) };
    case "table":
      return {
        kind,
        ...chosenRuns(fields),
        columns: fields.texts("columns"),
        limit: fields.whole("limit", 1, mostTableRows, tableRows),
      };
    case "run":
      return { kind, run: fields.text("run") };
    case "image":
      return { kind, run: fields.text("run"), path: fields.text("path"), ...fields.maybe("caption") };
    case "metric":
      return {
        kind,
        run: fields.text("run"),
        key: fields.text("key"),
        pick: fields.word("pick", ["last", "min", "max"], "last"),
      };
  }
}

function parse(json: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new BlockError(`This is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new BlockError('A block is an object, as {"kind": "run", "run": "…"}');
  return value as Record<string, unknown>;
}

function chosenRuns(fields: Fields): RunChoice {
  const runs = fields.texts("runs");
  const experiment = fields.maybe("experiment");
  const view = fields.maybe("view");
  if (runs.length === 0 && !experiment.experiment)
    throw new BlockError("Say which runs: runs (ids), or experiment (its id), with a filter or a view");
  if (view.view && !experiment.experiment) throw new BlockError("view: say of which experiment, by its id");
  return {
    runs,
    ...experiment,
    ...view,
    filter: fields.maybe("filter").filter ?? "",
    orderBy: fields.texts("orderBy"),
  };
}

function chart(fields: Fields): Omit<ChartBlock, "kind" | keyof RunChoice> {
  const keys = fields.texts("keys");
  if (keys.length === 0) throw new BlockError('keys: name at least one metric, as ["val/loss"]');
  const zoom = fields.value("zoom");
  return {
    keys,
    look: look(fields),
    ...(isRange(zoom) ? { zoom } : {}),
    groupBy: fields.texts("groupBy"),
  };
}

function look(fields: Fields): Search {
  const log = fields.value("log");
  const { smooth } = fields.maybe("smooth");
  return {
    ...(fields.value("axis") === undefined ? {} : { x: fields.word("axis", ["step", "time", "relative"]) }),
    ...(typeof log === "boolean" ? { y: log ? "log" : "linear" } : {}),
    ...(smooth === undefined ? {} : { smooth }),
  };
}

const isRange = (value: unknown): value is [number, number] =>
  Array.isArray(value) &&
  value.length === 2 &&
  value.every((one) => typeof one === "number") &&
  Number(value[0]) < Number(value[1]);

/** The members of a block as what they have to be; each complaint names the member and what it may be. */
class Fields {
  readonly #values: Record<string, unknown>;

  constructor(values: Record<string, unknown>) {
    this.#values = values;
  }

  value(name: string): unknown {
    return Object.hasOwn(this.#values, name) ? this.#values[name] : undefined;
  }

  text(name: string): string {
    const value = this.value(name);
    if (typeof value !== "string" || value === "") throw new BlockError(`${name}: a text is needed`);
    return value;
  }

  maybe<K extends string>(name: K): { [key in K]?: string } {
    const value = this.value(name);
    if (value === undefined || value === "") return {};
    return { [name]: this.text(name) } as { [key in K]?: string };
  }

  texts(name: string): string[] {
    const value = this.value(name) ?? [];
    if (!Array.isArray(value) || value.some((one) => typeof one !== "string"))
      throw new BlockError(`${name}: a list of texts is needed`);
    return value as string[];
  }

  word<T extends string>(name: string, words: readonly T[], otherwise?: T): T {
    const value = this.value(name) ?? otherwise;
    const found = words.find((word) => word === value);
    if (found === undefined)
      throw new BlockError(`${name}: ${words.join(", ")} are known, not ${JSON.stringify(value)}`);
    return found;
  }

  whole(name: string, least: number, most: number, otherwise: number): number {
    const value = this.value(name) ?? otherwise;
    if (!Number.isInteger(value) || Number(value) < least || Number(value) > most)
      throw new BlockError(`${name}: a whole number from ${least} to ${most} is needed`);
    return Number(value);
  }
}
