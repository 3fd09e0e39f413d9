import type { EChartsCoreOption } from "echarts/core";
import { formatNumber } from "@/state/format";
import { escapeText } from "@/state/markup";
import type { FieldScale } from "./columns";
import { plain } from "./outline";
import { type Bin, type Box, density } from "./statistics";

/** Colours and letters of the page, as its tokens say. */
export interface Look {
  ink: string;
  ink2: string;
  ink3: string;
  line: string;
  surface: string;
  raised: string;
  accent: string;
  series: readonly string[];
}

/** From little to much, told apart by lightness too: dark violet over green to yellow (viridis, van der Walt and Smith, 2015). */
export const sequence = ["#440154", "#414487", "#2a788e", "#22a884", "#7ad151", "#fde725"];
/** From less over nothing to more: blue over grey to red. */
export const around = ["#2b6cb0", "#8fb4d9", "#d9d7d2", "#e2a07f", "#c2410c"];

const font = '"Inter Variable", system-ui, sans-serif';

export const baseOf = (look: Look) => ({
  animation: false,
  textStyle: { fontFamily: font, fontSize: 11, color: look.ink3 },
  grid: { left: 12, right: 16, top: 12, bottom: 8, containLabel: true },
  tooltip: {
    confine: true,
    backgroundColor: look.raised,
    borderColor: look.line,
    padding: [6, 10],
    textStyle: { color: look.ink, fontSize: 12, fontFamily: font },
    transitionDuration: 0,
  },
});

const number = (value: number) => formatNumber(value, 5);

export function axisOf(
  look: Look,
  scale: Pick<FieldScale, "kind" | "log" | "categories" | "from" | "to">,
  name: string,
  upright = false,
) {
  const lines = {
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { show: true, lineStyle: { color: look.line } },
    axisLabel: { color: look.ink3, fontSize: 11, hideOverlap: true },
    name,
    ...(upright
      ? { nameLocation: "end", nameGap: 8, nameTextStyle: { color: look.ink2, fontSize: 11, align: "left" } }
      : { nameLocation: "middle", nameGap: 24, nameTextStyle: { color: look.ink2, fontSize: 11 } }),
  };
  if (scale.kind === "category")
    return {
      ...lines,
      type: "category",
      data: scale.categories,
      axisLabel: { ...lines.axisLabel, width: 90, overflow: "truncate" },
    };
  return {
    ...lines,
    type: scale.log ? "log" : "value",
    scale: true,
    axisLabel: { ...lines.axisLabel, formatter: number },
  };
}

export interface ScatterData {
  x: FieldScale;
  y: FieldScale;
  colour: FieldScale | undefined;
  names: readonly string[];
}

/** One point a run; those that lack one of the two are left out. */
export function scatterOption(
  { x, y, colour, names }: ScatterData,
  look: Look,
): { option: EChartsCoreOption; drawn: number } {
  const points: [number, number, number, number][] = [];
  for (let at = 0; at < x.values.length; at++) {
    const [px, py] = [x.values[at] as number, y.values[at] as number];
    if (Number.isNaN(px) || Number.isNaN(py) || (x.log && px <= 0) || (y.log && py <= 0)) continue;
    points.push([px, py, colour ? (colour.values[at] as number) : 0, at]);
  }
  const many = points.length > 2000;
  const option = {
    ...baseOf(look),
    grid: { left: 12, right: colour ? 64 : 20, top: 26, bottom: 28, containLabel: true },
    xAxis: axisOf(look, x, plain(x.field)),
    yAxis: axisOf(look, y, plain(y.field), true),
    dataZoom: [
      { type: "inside", xAxisIndex: 0, zoomOnMouseWheel: "ctrl", moveOnMouseMove: "shift", filterMode: "none" },
      { type: "inside", yAxisIndex: 0, zoomOnMouseWheel: "ctrl", moveOnMouseMove: "shift", filterMode: "none" },
    ],
    ...(colour ? { visualMap: colourMap(colour, look) } : {}),
    tooltip: {
      ...baseOf(look).tooltip,
      formatter: ({ value }: { value: [number, number, number, number] }) =>
        [
          `<b>${escapeText(names[value[3]] ?? "")}</b>`,
          line(x, value[0]),
          line(y, value[1]),
          ...(colour ? [line(colour, value[2])] : []),
        ].join("<br>"),
    },
    series: [
      {
        type: "scatter",
        data: points,
        symbolSize: points.length > 20_000 ? 2 : many ? 3 : points.length > 300 ? 5 : 7,
        itemStyle: { color: look.series[0], opacity: points.length > 20_000 ? 0.4 : many ? 0.55 : 0.8 },
        progressive: 5000,
        progressiveThreshold: 10_000,
      },
    ],
  };
  return { option, drawn: points.length };
}

const line = (scale: FieldScale, value: number): string =>
  `${escapeText(plain(scale.field))} ${escapeText(scale.kind === "category" ? (scale.categories[value] ?? "") : number(value))}`;

function colourMap(scale: FieldScale, look: Look) {
  const shared = {
    dimension: 2,
    right: 0,
    top: 12,
    itemWidth: 8,
    textStyle: { color: look.ink3, fontSize: 10 },
  };
  if (scale.kind === "category")
    return {
      ...shared,
      type: "piecewise",
      categories: undefined,
      pieces: scale.categories
        .slice(0, 12)
        .map((label, at) => ({ value: at, label: label.slice(0, 12), color: look.series[at % look.series.length] })),
      outOfRange: { color: look.ink3 },
      itemSymbol: "circle",
    };
  return {
    ...shared,
    type: "continuous",
    min: scale.from,
    max: scale.to,
    calculable: false,
    itemHeight: 90,
    precision: 4,
    inRange: { color: sequence },
    text: [number(scale.to), number(scale.from)],
  };
}

export interface BarItem {
  name: string;
  value: number;
  /** How many runs it is the mean of. */
  count: number;
  deviation: number;
}

/** Bars from zero, with a line as long as the deviation to both sides where a bar stands for several runs. */
export function barOption(items: readonly BarItem[], field: string, look: Look): EChartsCoreOption {
  const spread = items.some(({ count, deviation }) => count > 1 && deviation > 0);
  const category = { kind: "category", log: false, categories: items.map(({ name }) => name), from: 0, to: 1 } as const;
  return {
    ...baseOf(look),
    grid: { left: 12, right: 24, top: 8, bottom: 28, containLabel: true },
    xAxis: {
      ...axisOf(look, { kind: "number", log: false, categories: [], from: 0, to: 1 }, plain(field)),
      scale: false,
    },
    yAxis: { ...axisOf(look, category, "", true), inverse: true, splitLine: { show: false } },
    tooltip: {
      ...baseOf(look).tooltip,
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const item = items[dataIndex];
        if (!item) return "";
        const more = item.count > 1 ? `<br>deviation ${number(item.deviation)}, ${item.count} runs` : "";
        return `<b>${escapeText(item.name)}</b><br>${number(item.value)}${more}`;
      },
    },
    series: [
      {
        type: "bar",
        barMaxWidth: 22,
        data: items.map(({ value }) => value),
        itemStyle: { color: look.series[0], borderRadius: 2 },
      },
      ...(spread ? [whiskers(items, look)] : []),
    ],
  };
}

const whiskers = (items: readonly BarItem[], look: Look) => ({
  type: "custom",
  silent: true,
  data: items.map(({ value, deviation }, at) => [value - deviation, value + deviation, at]),
  encode: { x: [0, 1], y: 2 },
  renderItem: (_: unknown, api: { value: (at: number) => number; coord: (point: number[]) => number[] }) => {
    const from = api.coord([api.value(0), api.value(2)]);
    const to = api.coord([api.value(1), api.value(2)]);
    return {
      type: "line",
      shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] },
      style: { stroke: look.ink, lineWidth: 1.5 },
    };
  },
});

/** Boxes with whiskers and outliers, or how dense values lie to both sides of the middle. */
export function boxOption(boxes: readonly Box[], violin: boolean, log: boolean, look: Look): EChartsCoreOption {
  const category = { kind: "category", log: false, categories: boxes.map(({ name }) => name), from: 0, to: 1 } as const;
  const shared = {
    ...baseOf(look),
    grid: { left: 12, right: 16, top: 12, bottom: 8, containLabel: true },
    xAxis: { ...axisOf(look, category, ""), splitLine: { show: false } },
    yAxis: axisOf(look, { kind: "number", log, categories: [], from: 0, to: 1 }, "", true),
  };
  const describe = ({ dataIndex, seriesIndex, value }: { dataIndex: number; seriesIndex: number; value: number[] }) => {
    if (!violin && seriesIndex === 1) return number(value[1] ?? Number.NaN);
    const box = boxes[dataIndex];
    if (!box) return "";
    const rows = [
      ["median", box.median],
      ["mean", box.mean],
      ["middle half", `${number(box.lower)} to ${number(box.upper)}`],
      ["runs", box.count],
    ] as const;
    return [
      `<b>${escapeText(box.name)}</b>`,
      ...rows.map(([name, one]) => `${name} ${typeof one === "number" ? number(one) : one}`),
    ].join("<br>");
  };
  const tooltip = { ...shared.tooltip, formatter: describe };
  if (violin) return { ...shared, tooltip, series: [violins(boxes, look)] };
  return {
    ...shared,
    tooltip,
    series: [
      {
        type: "boxplot",
        boxWidth: [8, 36],
        data: boxes.map(({ low, lower, median, upper, high }) => [low, lower, median, upper, high]),
        itemStyle: { color: `${look.series[0]}33`, borderColor: look.series[0], borderWidth: 1.5 },
      },
      {
        type: "scatter",
        symbolSize: 4,
        itemStyle: { color: look.series[0], opacity: 0.5 },
        data: boxes.flatMap(({ outliers }, at) => outliers.map((value) => [at, value])),
      },
    ],
  };
}

function violins(boxes: readonly Box[], look: Look) {
  const shapes = boxes.map((box) => {
    const points = density(box.sorted, 60);
    const most = Math.max(...points.map(({ value }) => value), Number.MIN_VALUE);
    return points.map(({ at, value }) => [at, value / most] as const);
  });
  return {
    type: "custom",
    data: boxes.map((box, at) => [at, box.sorted[0], box.sorted.at(-1), box.median]),
    encode: { x: 0, y: [1, 2] },
    renderItem: (
      { dataIndex }: { dataIndex: number },
      api: { coord: (point: number[]) => number[]; size: (point: number[]) => number[] },
    ) => {
      const half = Math.min(40, ((api.size([1, 0])[0] ?? 40) / 2) * 0.85);
      const points = (shapes[dataIndex] ?? []).map(([at, wide]) => {
        const [x = 0, y = 0] = api.coord([dataIndex, at]);
        return [x, y, wide * half] as const;
      });
      const outline = [
        ...points.map(([x, y, wide]) => [x - wide, y]),
        ...points.toReversed().map(([x, y, wide]) => [x + wide, y]),
      ];
      const [middle = 0, median = 0] = api.coord([dataIndex, boxes[dataIndex]?.median ?? 0]);
      return {
        type: "group",
        children: [
          {
            type: "polygon",
            shape: { points: outline },
            style: { fill: `${look.series[0]}40`, stroke: look.series[0], lineWidth: 1.2 },
          },
          {
            type: "line",
            shape: { x1: middle - 10, y1: median, x2: middle + 10, y2: median },
            style: { stroke: look.ink, lineWidth: 2 },
          },
        ],
      };
    },
  };
}

/** How many runs lie in each range of a value. */
export function histogramOption(bins: readonly Bin[], field: string, log: boolean, look: Look): EChartsCoreOption {
  return {
    ...baseOf(look),
    grid: { left: 12, right: 20, top: 26, bottom: 28, containLabel: true },
    xAxis: {
      ...axisOf(look, { kind: "number", log, categories: [], from: 0, to: 1 }, plain(field)),
      axisLabel: {
        color: look.ink3,
        fontSize: 11,
        hideOverlap: true,
        showMinLabel: false,
        showMaxLabel: false,
        formatter: number,
      },
      min: bins[0]?.from,
      max: bins.at(-1)?.to,
    },
    yAxis: {
      ...axisOf(look, { kind: "number", log: false, categories: [], from: 0, to: 1 }, "runs", true),
      min: 0,
      minInterval: 1,
    },
    tooltip: {
      ...baseOf(look).tooltip,
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const bin = bins[dataIndex];
        return bin ? `${number(bin.from)} to ${number(bin.to)}<br><b>${number(bin.count)}</b> runs` : "";
      },
    },
    series: [
      {
        type: "custom",
        data: bins.map(({ from, to, count }) => [from, to, count]),
        encode: { x: [0, 1], y: 2 },
        renderItem: (_: unknown, api: { value: (at: number) => number; coord: (point: number[]) => number[] }) => {
          const [left = 0, top = 0] = api.coord([api.value(0), api.value(2)]);
          const [right = 0, bottom = 0] = api.coord([api.value(1), 0]);
          return {
            type: "rect",
            shape: { x: left + 0.5, y: top, width: Math.max(1, right - left - 1), height: bottom - top },
            style: { fill: look.series[0], opacity: 0.85 },
          };
        },
      },
    ],
  };
}
