import { type Smoothing, smoothingKinds, smoothingRange } from "@/charts/prepare/smooth";
import { asFlag, asNumber, asObject, asRange, asText, asTexts, asWord, defined, type Json } from "./read";

/** The horizontal axis of curves; with `metric` the values of another metric at the same step. */
export interface LineAxis {
  kind: "step" | "time" | "relative" | "metric";
  key?: string;
}

export const bandKinds = ["deviation", "error", "range", "none"] as const;
export type BandKind = (typeof bandKinds)[number];

/** Curves over steps or time. What is absent is as the page has it for all panels. */
export interface LineSettings {
  kind: "line";
  /** Metrics by name, or all that match a regular expression, or one computed from several. */
  keys?: string[];
  pattern?: string;
  expression?: string;
  axis?: LineAxis;
  xLog?: boolean;
  yLog?: boolean;
  smoothing?: Smoothing;
  /** The vertical range leaves out what lies far away from nearly all points. */
  clip?: boolean;
  yRange?: [number, number];
  band?: BandKind;
}

export interface ScatterSettings {
  kind: "scatter";
  x?: string;
  y?: string;
  colour?: string;
  xLog?: boolean;
  yLog?: boolean;
}

export interface BarSettings {
  kind: "bar";
  value?: string;
  /** Runs that agree in this field share a bar, which is their mean. */
  by?: string;
}

export interface BoxSettings {
  kind: "box";
  value?: string;
  by?: string;
  violin?: boolean;
  yLog?: boolean;
}

export interface HistogramSettings {
  kind: "histogram";
  value?: string;
  bins?: number;
  xLog?: boolean;
}

export interface ParallelSettings {
  kind: "parallel";
  fields?: string[];
  colour?: string;
}

export interface HeatSettings {
  kind: "heat";
  x?: string;
  y?: string;
  value?: string;
  look?: "cells" | "contour";
  xLog?: boolean;
  yLog?: boolean;
}

export interface ImportanceSettings {
  kind: "importance";
  value?: string;
}

export interface MatrixSettings {
  kind: "matrix";
  params?: string[];
  metrics?: string[];
}

export interface MediaSettings {
  kind: "media";
  key?: string;
  /** What each run had at this step, or at the greatest one before; absent: the newest. */
  step?: number;
  /** Runs beside each other; absent: as many as have room. */
  columns?: number;
}

export interface MarkdownSettings {
  kind: "markdown";
  text?: string;
}

export type PanelSettings = { title?: string } & (
  | LineSettings
  | ScatterSettings
  | BarSettings
  | BoxSettings
  | HistogramSettings
  | ParallelSettings
  | HeatSettings
  | ImportanceSettings
  | MatrixSettings
  | MediaSettings
  | MarkdownSettings
);

export type PanelKind = PanelSettings["kind"];
export type SettingsOf<K extends PanelKind> = Extract<PanelSettings, { kind: K }>;

const readers: { [K in PanelKind]: (json: Json) => Omit<SettingsOf<K>, "kind" | "title"> } = {
  line: (json) =>
    defined({
      keys: asTexts(json.keys, 50),
      pattern: asText(json.pattern, 1000),
      expression: asText(json.expression, 1000),
      axis: readAxis(json.axis),
      xLog: asFlag(json.xLog),
      yLog: asFlag(json.yLog),
      smoothing: readSmoothing(json.smoothing),
      clip: asFlag(json.clip),
      yRange: asRange(json.yRange),
      band: asWord(json.band, bandKinds),
    }),
  scatter: (json) =>
    defined({
      x: asText(json.x, 1000),
      y: asText(json.y, 1000),
      colour: asText(json.colour, 1000),
      xLog: asFlag(json.xLog),
      yLog: asFlag(json.yLog),
    }),
  bar: (json) => defined({ value: asText(json.value, 1000), by: asText(json.by, 1000) }),
  box: (json) =>
    defined({
      value: asText(json.value, 1000),
      by: asText(json.by, 1000),
      violin: asFlag(json.violin),
      yLog: asFlag(json.yLog),
    }),
  histogram: (json) =>
    defined({ value: asText(json.value, 1000), bins: asNumber(json.bins, 2, 500), xLog: asFlag(json.xLog) }),
  parallel: (json) => defined({ fields: asTexts(json.fields, 30), colour: asText(json.colour, 1000) }),
  heat: (json) =>
    defined({
      x: asText(json.x, 1000),
      y: asText(json.y, 1000),
      value: asText(json.value, 1000),
      look: asWord(json.look, ["cells", "contour"] as const),
      xLog: asFlag(json.xLog),
      yLog: asFlag(json.yLog),
    }),
  importance: (json) => defined({ value: asText(json.value, 1000) }),
  matrix: (json) => defined({ params: asTexts(json.params, 50), metrics: asTexts(json.metrics, 50) }),
  media: (json) =>
    defined({
      key: asText(json.key, 1000),
      step: asNumber(json.step, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
      columns: asNumber(json.columns, 1, 12),
    }),
  markdown: (json) => defined({ text: asText(json.text) }),
};

export const panelKinds = Object.keys(readers) as PanelKind[];

/** The settings of one panel; undefined when they are of no kind that this page knows. */
export function readPanelSettings(value: unknown): PanelSettings | undefined {
  const json = asObject(value);
  const kind = json && asWord(json.kind, panelKinds);
  if (!json || !kind) return undefined;
  return { ...defined({ title: asText(json.title, 200) }), kind, ...readers[kind](json) } as PanelSettings;
}

function readAxis(value: unknown): LineAxis | undefined {
  const json = asObject(value);
  const kind = asWord(json?.kind, ["step", "time", "relative", "metric"] as const);
  const key = asText(json?.key, 1000);
  if (!kind || (kind === "metric" && !key)) return undefined;
  return kind === "metric" && key ? { kind, key } : { kind };
}

function readSmoothing(value: unknown): Smoothing | undefined {
  const json = asObject(value);
  const kind = asWord(json?.kind, smoothingKinds);
  const amount = kind && asNumber(json?.amount, 0, smoothingRange[kind].most);
  return kind && amount !== undefined ? { kind, amount } : undefined;
}
