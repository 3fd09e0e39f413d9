import type { EChartsCoreOption } from "echarts/core";
import { formatNumber } from "@/state/format";
import { escapeText } from "@/state/markup";
import type { FieldScale } from "./columns";
import { type Cells, contour, surfaceOf } from "./grid-cells";
import { plain } from "./outline";
import { around, axisOf, baseOf, type Look, sequence } from "./plots";

const number = (value: number) => formatNumber(value, 4);

const colourBar = (least: number, greatest: number, look: Look, colours: readonly string[]) => ({
  type: "continuous",
  min: least,
  max: greatest === least ? least + 1 : greatest,
  calculable: false,
  right: 0,
  top: 12,
  itemWidth: 8,
  itemHeight: 90,
  precision: 4,
  text: [number(greatest), number(least)],
  textStyle: { color: look.ink3, fontSize: 10 },
  inRange: { color: colours },
});

const category = (categories: readonly string[]) =>
  ({ kind: "category", log: false, categories, from: 0, to: 1 }) as const;

const label = (scale: FieldScale, text: string): string => (scale.kind === "category" ? text : number(Number(text)));

/** Cells in colours of their mean. */
export function heatOption(cells: Cells, x: FieldScale, y: FieldScale, value: string, look: Look): EChartsCoreOption {
  const shared = baseOf(look);
  return {
    ...shared,
    grid: { left: 12, right: 72, top: 26, bottom: 28, containLabel: true },
    xAxis: {
      ...axisOf(look, category(cells.x.map((text) => label(x, text))), plain(x.field)),
      splitLine: { show: false },
    },
    yAxis: {
      ...axisOf(look, category(cells.y.map((text) => label(y, text))), plain(y.field), true),
      splitLine: { show: false },
    },
    visualMap: { ...colourBar(cells.least, cells.greatest, look, sequence), dimension: 2 },
    tooltip: {
      ...shared.tooltip,
      formatter: ({ value: [column, row, mean, runs] }: { value: [number, number, number, number] }) =>
        [
          `${escapeText(plain(x.field))} ${escapeText(label(x, cells.x[column] ?? ""))}`,
          `${escapeText(plain(y.field))} ${escapeText(label(y, cells.y[row] ?? ""))}`,
          `<b>${escapeText(plain(value))} ${number(mean)}</b>, mean of ${runs} ${runs === 1 ? "run" : "runs"}`,
        ].join("<br>"),
    },
    series: [{ type: "heatmap", data: cells.cells, itemStyle: { borderColor: look.surface, borderWidth: 1 } }],
  };
}

const corners = 49;
const levels = 9;

/** A smooth surface in colours with lines of equal height, and the runs that it is made of as points. */
export function contourOption(
  x: FieldScale,
  y: FieldScale,
  values: ArrayLike<number>,
  value: string,
  look: Look,
): EChartsCoreOption {
  const surface = surfaceOf(x, y, values, corners);
  const finite = surface.filter(Number.isFinite);
  const least = finite.length === 0 ? 0 : finite.reduce((a, b) => Math.min(a, b));
  const greatest = finite.length === 0 ? 1 : finite.reduce((a, b) => Math.max(a, b));
  const cells = Array.from(surface, (height, at) => [at % corners, Math.floor(at / corners), height] as const).filter(
    ([, , height]) => Number.isFinite(height),
  );
  const lines = Array.from(
    { length: levels },
    (_, at) => least + ((at + 1) / (levels + 1)) * (greatest - least),
  ).flatMap((level) => contour(surface, corners, level).map((segment) => [...segment, level]));
  const ticks = (scale: FieldScale) =>
    Array.from({ length: corners }, (_, at) => {
      const part = at / (corners - 1);
      return scale.log ? scale.from * (scale.to / scale.from) ** part : scale.from + part * (scale.to - scale.from);
    });
  const shared = baseOf(look);
  const bare = {
    splitLine: { show: false },
    axisLabel: { color: look.ink3, fontSize: 11, interval: (corners - 1) / 4 - 1, hideOverlap: true },
  };
  return {
    ...shared,
    grid: { left: 12, right: 72, top: 26, bottom: 28, containLabel: true },
    xAxis: { ...axisOf(look, category(ticks(x).map(number)), plain(x.field)), ...bare },
    yAxis: { ...axisOf(look, category(ticks(y).map(number)), plain(y.field), true), ...bare },
    visualMap: { ...colourBar(least, greatest, look, sequence), dimension: 2, seriesIndex: 0 },
    tooltip: {
      ...shared.tooltip,
      formatter: ({ value: [column, row, height] }: { value: [number, number, number] }) =>
        [
          `${escapeText(plain(x.field))} ${number(ticks(x)[column] ?? 0)}`,
          `${escapeText(plain(y.field))} ${number(ticks(y)[row] ?? 0)}`,
          `<b>${escapeText(plain(value))} about ${number(height)}</b>`,
        ].join("<br>"),
    },
    series: [
      { type: "heatmap", data: cells, itemStyle: { opacity: 0.85 } },
      {
        type: "custom",
        silent: true,
        data: lines,
        encode: { x: [0, 2], y: [1, 3] },
        renderItem: (_: unknown, api: { value: (at: number) => number; coord: (point: number[]) => number[] }) => {
          const [x0 = 0, y0 = 0, dx = 0, dy = 0] = [...api.coord([0, 0]), ...difference(api)];
          const at = (column: number, row: number) => [x0 + column * dx, y0 + row * dy];
          const [x1, y1] = at(api.value(0), api.value(1));
          const [x2, y2] = at(api.value(2), api.value(3));
          return {
            type: "line",
            shape: { x1, y1, x2, y2 },
            style: { stroke: look.surface, lineWidth: 1, opacity: 0.7 },
          };
        },
      },
    ],
  };
}

/** A category axis has whole places only: lines between them are placed by the size of one. */
function difference(api: { coord: (point: number[]) => number[] }): [number, number] {
  const [x0 = 0, y0 = 0] = api.coord([0, 0]);
  const [x1 = 0, y1 = 0] = api.coord([1, 1]);
  return [x1 - x0, y1 - y0];
}

export interface Correlation {
  param: string;
  metric: string;
  value: number;
  count: number;
}

/** Rank correlations of params and metrics, written into their cells where there is room. */
export function matrixOption(
  params: readonly string[],
  metrics: readonly string[],
  cells: readonly Correlation[],
  look: Look,
): EChartsCoreOption {
  const shared = baseOf(look);
  const data = cells
    .filter(({ value }) => Number.isFinite(value))
    .map(({ param, metric, value, count }) => [metrics.indexOf(metric), params.indexOf(param), value, count]);
  return {
    ...shared,
    grid: { left: 8, right: 60, top: 8, bottom: 8, containLabel: true },
    xAxis: {
      ...axisOf(look, category(metrics.map(plain)), ""),
      splitLine: { show: false },
      axisLabel: {
        color: look.ink3,
        fontSize: 11,
        width: 88,
        overflow: "truncate",
        interval: 0,
        rotate: metrics.length > 6 ? 35 : 0,
      },
    },
    yAxis: { ...axisOf(look, category(params.map(plain)), "", true), inverse: true, splitLine: { show: false } },
    visualMap: { ...colourBar(-1, 1, look, around), dimension: 2, text: ["1", "−1"] },
    tooltip: {
      ...shared.tooltip,
      formatter: ({ value: [column, row, value, count] }: { value: [number, number, number, number] }) =>
        `${escapeText(plain(params[row] ?? ""))} and ${escapeText(plain(metrics[column] ?? ""))}<br><b>${number(value)}</b> over ${count} runs`,
    },
    series: [
      {
        type: "heatmap",
        data,
        itemStyle: { borderColor: look.surface, borderWidth: 1 },
        label: {
          show: params.length <= 14 && metrics.length <= 10,
          fontSize: 10,
          color: "#1d1c1a",
          formatter: ({ value }: { value: [number, number, number, number] }) =>
            value[2]
              .toFixed(2)
              .replace(/^-?0\.00$/, "0")
              .replace("-", "−"),
        },
      },
    ],
  };
}
