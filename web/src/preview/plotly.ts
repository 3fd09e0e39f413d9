/** A figure as Plotly's JSON has it. */
export interface PlotlyFigure {
  data: object[];
  layout: Record<string, unknown>;
}

/** Whether a JSON value is a figure: traces that are objects, and a layout. */
export const isFigure = (value: unknown): value is PlotlyFigure =>
  typeof value === "object" &&
  value !== null &&
  Array.isArray((value as { data?: unknown }).data) &&
  (value as { data: unknown[] }).data.every((trace) => typeof trace === "object" && trace !== null) &&
  typeof (value as { layout?: unknown }).layout === "object" &&
  (value as { layout?: unknown }).layout !== null;
