import { useEffect, useLayoutEffect, useRef } from "react";
import uPlot from "uplot";
import type { Axis } from "@/api/types";
import { colourVariable, type RunStyle } from "@/charts/prepare/colours";
import { type Curves, nearest } from "@/charts/prepare/curves";
import { formatDuration, formatNumber, formatTime } from "@/state/format";
import { useTheme } from "@/state/theme";
import { plotOptions } from "./options";

interface LineChartProps {
  curves: Curves;
  styles: ReadonlyMap<string, RunStyle>;
  names: ReadonlyMap<string, string>;
  axis: Axis;
  log: boolean;
  xLog?: boolean;
  range: [number, number] | undefined;
  yRange?: [number, number] | undefined;
  onZoom: (range: [number, number] | undefined, yRange?: [number, number]) => void;
  /** Told which place of `curves.x` the cursor is at, of this chart or of another one. */
  onCursor?: (index: number | undefined) => void;
  /** Given the plot whenever it is made anew. */
  onPlot?: (plot: uPlot) => void;
  /** What x is called where it is another metric. */
  xName?: string;
  width: number;
  height: number;
  label: string;
}

const listed = 12;

/** Draws prepared curves. New points reuse the canvas; another look builds it again. */
export function LineChart(props: LineChartProps) {
  const {
    curves,
    styles,
    names,
    axis,
    log,
    xLog = false,
    range,
    yRange,
    onZoom,
    onCursor,
    width,
    height,
    label,
  } = props;
  const host = useRef<HTMLDivElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const theme = useTheme();
  const latest = useRef({ curves, names, onZoom, onCursor, styles, range, yRange, xName: props.xName });
  latest.current = { curves, names, onZoom, onCursor, styles, range, yRange, xName: props.xName };
  const shape = JSON.stringify([curves.columns, theme, axis, log, xLog, [...styles]]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape stands for all that needs a new canvas
  useLayoutEffect(() => {
    if (!host.current) return;
    const made = new uPlot(
      plotOptions(latest.current.curves, {
        axis,
        log,
        xLog,
        styles,
        width,
        height,
        get range() {
          return latest.current.range;
        },
        get yRange() {
          return latest.current.yRange;
        },
        onZoom: (next, nextY) => latest.current.onZoom(next, nextY),
        onCursor: (at) => {
          if (tip.current) showTip(tip.current, at, latest.current, axis);
          const { idx, left } = at.cursor;
          latest.current.onCursor?.(left === undefined || left < 0 ? undefined : (idx ?? undefined));
        },
      }),
      data(latest.current.curves),
      host.current,
    );
    plot.current = made;
    props.onPlot?.(made);
    return () => {
      plot.current = undefined;
      made.destroy();
    };
  }, [shape]);

  const from = range?.[0];
  const to = range?.[1];
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new range draws the same data again
  useEffect(() => plot.current?.setData(data(curves)), [curves, from, to, yRange]);
  useEffect(() => plot.current?.setSize({ width, height }), [width, height]);

  return (
    <div className="relative" role="img" aria-label={label}>
      <div ref={host} style={{ height }} />
      <div
        ref={tip}
        aria-hidden="true"
        className="pointer-events-none absolute top-0 left-0 z-20 hidden max-w-72 rounded-md border border-line bg-raised px-2.5 py-1.5 text-xs shadow-float"
      />
    </div>
  );
}

const data = (curves: Curves) => [curves.x, ...curves.values] as uPlot.AlignedData;

export function describeX(value: number, axis: Axis, name?: string): string {
  if (axis === "metric") return `${name ?? "x"} ${formatNumber(value, 6)}`;
  if (axis === "time") return formatTime(value * 1000);
  return axis === "relative" ? formatDuration(value) : `Step ${formatNumber(value, 10)}`;
}

interface TipSource {
  curves: Curves;
  names: ReadonlyMap<string, string>;
  styles: ReadonlyMap<string, RunStyle>;
  xName: string | undefined;
}

/** Fills the list of values at the cursor, greatest first. Plain DOM: it changes with every move of the mouse. */
function showTip(tip: HTMLElement, plot: uPlot, { curves, names, styles, xName }: TipSource, axis: Axis): void {
  const { idx, left, event } = plot.cursor;
  // A cursor that another chart moved shows its line, not its list.
  if (idx === null || idx === undefined || left === undefined || left < 0 || !event) {
    tip.style.display = "none";
    return;
  }
  const rows = curves.columns
    .map((column, index) => ({
      column,
      found: column.role === "line" ? nearest(curves.values[index] ?? [], idx) : undefined,
      raw: rawOf(curves, index, idx),
    }))
    .filter(({ found }) => found !== undefined)
    .sort(
      (a, b) =>
        Number(styles.get(a.column.runId)?.faint ?? false) - Number(styles.get(b.column.runId)?.faint ?? false) ||
        (b.found?.value ?? Number.NEGATIVE_INFINITY) - (a.found?.value ?? Number.NEGATIVE_INFINITY),
    );
  const head = document.createElement("div");
  head.className = "num mb-0.5 text-ink-3";
  head.textContent = describeX(curves.x[idx] ?? 0, axis, xName);
  tip.replaceChildren(
    head,
    ...rows.slice(0, listed).map(({ column, found, raw }) => {
      const row = document.createElement("div");
      row.className = "flex items-center gap-2 leading-5";
      const swatch = document.createElement("span");
      swatch.className = "h-0.5 w-3 shrink-0 rounded-full";
      swatch.style.background = colourVariable(styles.get(column.runId));
      const name = document.createElement("span");
      name.className = "min-w-0 grow truncate";
      name.textContent = names.get(column.runId) ?? column.runId;
      const value = document.createElement("span");
      value.className = "num ml-2 font-medium";
      value.textContent = found?.value == null ? "NaN" : formatNumber(found.value, 6);
      row.append(swatch, name, value);
      if (raw !== undefined) {
        const plain = document.createElement("span");
        plain.className = "num text-ink-3";
        plain.textContent = raw === null ? "NaN" : `raw ${formatNumber(raw, 6)}`;
        row.append(plain);
      }
      return row;
    }),
  );
  if (rows.length > listed) {
    const more = document.createElement("div");
    more.className = "text-ink-3";
    more.textContent = `and ${rows.length - listed} more`;
    tip.append(more);
  }
  tip.style.display = "block";
  const area = plot.over.getBoundingClientRect();
  const frame = tip.parentElement?.getBoundingClientRect();
  const offset = area.left - (frame?.left ?? 0);
  // Beside the cursor, never over it: to the right as long as the window has room there, even beyond the card.
  const room = window.innerWidth - area.left - left > tip.offsetWidth + 24;
  tip.style.left = `${room ? offset + left + 14 : offset + left - tip.offsetWidth - 14}px`;
  tip.style.top = "8px";
}

function rawOf(curves: Curves, index: number, at: number): number | null | undefined {
  return curves.columns[index - 1]?.role === "raw" ? nearest(curves.values[index - 1] ?? [], at)?.value : undefined;
}
