import uPlot from "uplot";
import type { Axis } from "@/api/types";
import type { RunStyle } from "@/charts/prepare/colours";
import type { Curves } from "@/charts/prepare/curves";
import { shift } from "@/charts/prepare/ranges";
import { formatDuration, formatNumber } from "@/state/format";

export interface DrawSettings {
  axis: Axis;
  log: boolean;
  xLog: boolean;
  range: [number, number] | undefined;
  /** The vertical range, where it does not follow the curves. */
  yRange: [number, number] | undefined;
  /** Called with a range dragged by the reader, or with nothing to show all; of y only when a part of the height was dragged. */
  onZoom: (range: [number, number] | undefined, yRange?: [number, number]) => void;
  onCursor: (plot: uPlot) => void;
  styles: ReadonlyMap<string, RunStyle>;
  width: number;
  height: number;
}

const durationSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500]
  .concat([1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1000))
  .concat([1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60_000))
  .concat([1, 2, 3, 6, 12].map((hours) => hours * 3_600_000))
  .concat([1, 2, 5, 10, 20, 50, 100].map((days) => days * 86_400_000));

const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A colour of the tokens with another opacity. */
function faint(colour: string, opacity: number): string {
  return `${colour}${Math.round(opacity * 255)
    .toString(16)
    .padStart(2, "0")}`;
}

export function plotOptions(curves: Curves, settings: DrawSettings): uPlot.Options {
  const font = `11px "Inter Variable", system-ui, sans-serif`;
  const axis = { stroke: token("--ink-3"), font, grid: { stroke: token("--line"), width: 1 }, ticks: { show: false } };
  return {
    width: settings.width,
    height: settings.height,
    legend: { show: false },
    padding: [8, 12, 0, 0],
    focus: { alpha: 1 },
    scales: {
      x: {
        time: settings.axis === "time" && !settings.xLog,
        ...(settings.xLog ? { distr: 3, log: 10 } : {}),
        range: (_, least, greatest) => xRange(least, greatest, settings),
      },
      y: {
        ...(settings.log ? { distr: 3, log: 10 } : {}),
        range: (_, least, greatest) => settings.yRange ?? yRange(least, greatest, settings.log),
      },
    },
    axes: [
      {
        ...axis,
        size: 26,
        gap: 6,
        ...(settings.axis === "relative"
          ? {
              incrs: durationSteps,
              values: (_: uPlot, at: number[]) => at.map((one) => (one === 0 ? "0" : formatDuration(one))),
            }
          : {}),
        ...(settings.axis === "step" || settings.axis === "metric" || settings.xLog
          ? { values: (_: uPlot, at: number[]) => at.map((one) => (one === null ? "" : formatNumber(one, 6))) }
          : {}),
      },
      {
        ...axis,
        gap: 6,
        size: (_, values) => labelWidth(values),
        values: (_, at) => at.map((one) => (one === null ? "" : formatNumber(one, 5))),
      },
    ],
    series: [{}, ...curves.columns.map((column, index) => seriesOptions(curves, index, column, settings))],
    bands: curves.bands.map(([high, low]) => ({
      series: [high + 1, low + 1],
      fill: faint(colourOf(curves.columns[high]?.runId ?? "", settings), 0.16),
    })),
    cursor: {
      y: false,
      points: { size: 6, width: 1.5 },
      drag: { x: true, y: true, uni: 30, setScale: false },
      sync: {
        key: `curves ${settings.axis}`,
        scales: ["x", null],
        setSeries: false,
        filters: { pub: (type) => type === "mousemove" || type === "mouseleave", sub: () => true },
      },
      bind: {
        mousedown: (plot, _, handle) => (event) => {
          if (event.button === 0 && event.shiftKey) pan(plot, event, settings);
          else handle(event);
          return null;
        },
        dblclick: () => () => {
          settings.onZoom(undefined);
          return null;
        },
      },
    },
    hooks: {
      setCursor: [settings.onCursor],
      setSelect: [
        (plot) => {
          const { left, width, top, height } = plot.select;
          if (width < 4 || height < 4) return;
          const x = rangeOf(plot, left, left + width, settings);
          const part = height < plot.over.clientHeight - 1;
          if (part) settings.onZoom(x, [plot.posToVal(top + height, "y"), plot.posToVal(top, "y")]);
          else settings.onZoom(x);
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

function rangeOf(plot: uPlot, from: number, to: number, { axis }: DrawSettings): [number, number] {
  const unit = axis === "time" ? 1000 : 1;
  return [plot.posToVal(from, "x") * unit, plot.posToVal(to, "x") * unit];
}

/** Moves the shown range with the pointer until the button is let go. */
function pan(plot: uPlot, start: MouseEvent, { axis, xLog, onZoom }: DrawSettings): void {
  const { min = 0, max = 1 } = plot.scales.x as { min?: number; max?: number };
  const unit = axis === "time" ? 1000 : 1;
  let range: [number, number] | undefined;
  const move = (event: MouseEvent) => {
    const part = (start.clientX - event.clientX) / plot.over.clientWidth;
    range = shift([min, max], part, xLog);
    plot.setScale("x", { min: range[0], max: range[1] });
  };
  const end = () => {
    window.removeEventListener("mousemove", move);
    if (range) onZoom([range[0] * unit, range[1] * unit]);
  };
  window.addEventListener("mousemove", move);
  window.addEventListener("mouseup", end, { once: true });
}

function xRange(least: number | null, greatest: number | null, { range, axis, xLog }: DrawSettings): [number, number] {
  if (range) return axis === "time" ? [range[0] / 1000, range[1] / 1000] : range;
  if (least === null || greatest === null) return xLog ? [1, 10] : [0, 1];
  if (xLog) return least === greatest ? [least / 2, greatest * 2] : [least, greatest];
  return least === greatest ? [least - 1, greatest + 1] : [least, greatest];
}

/** A constant stands in the middle of a narrow range, not far away from zero. */
function yRange(least: number | null, greatest: number | null, log: boolean): uPlot.Range.MinMax {
  if (least === null || greatest === null) return log ? [0.1, 10] : [0, 1];
  if (log) return uPlot.rangeLog(least, greatest, 10, least === greatest || greatest / least > 10);
  if (least !== greatest) return uPlot.rangeNum(least, greatest, 0.1, true);
  const room = least === 0 ? 1 : Math.abs(least) * 0.1;
  return [least - room, least + room];
}

const labelWidth = (values: string[] | null): number =>
  14 + 6.4 * (values ?? []).reduce((most, one) => Math.max(most, one.length), 4);

const colourOf = (runId: string, { styles }: DrawSettings): string =>
  token(`--series-${styles.get(runId)?.colour ?? 0}`);

function seriesOptions(
  curves: Curves,
  index: number,
  column: Curves["columns"][number],
  settings: DrawSettings,
): uPlot.Series {
  const colour = colourOf(column.runId, settings);
  if (column.role === "high" || column.role === "low")
    return { stroke: "transparent", width: 0, points: { show: false } };
  const style = settings.styles.get(column.runId);
  if (style?.faint) return { stroke: faint(token("--ink-3"), 0.22), width: 1, points: { show: false } };
  if (column.role === "raw") return { stroke: faint(colour, 0.28), width: 1, points: { show: false } };
  const count =
    curves.values[index]?.reduce<number>((sum, value) => (value === undefined || value === null ? sum : sum + 1), 0) ??
    0;
  return {
    stroke: colour,
    width: 1.5,
    dash: [...(style?.dash ?? [])],
    points: {
      show: curves.runIds.length <= 12 && count <= Math.min(40, settings.width / 14),
      size: 5,
      fill: colour,
      stroke: colour,
    },
  };
}
