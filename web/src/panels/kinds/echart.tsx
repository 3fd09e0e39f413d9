import { BarChart, BoxplotChart, CustomChart, HeatmapChart, ScatterChart } from "echarts/charts";
import { DataZoomInsideComponent, GridComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";
import { useEffect, useLayoutEffect, useRef } from "react";
import { useWidth } from "@/charts/draw/use-size";

use([
  BarChart,
  BoxplotChart,
  CustomChart,
  HeatmapChart,
  ScatterChart,
  DataZoomInsideComponent,
  GridComponent,
  TooltipComponent,
  VisualMapComponent,
  CanvasRenderer,
  SVGRenderer,
]);

interface EChartProps {
  option: EChartsCoreOption;
  height: number;
  /** What the picture says, for those who do not see it. */
  label: string;
  /** Told which item of which series was clicked. */
  onPick?: (item: { series: number; index: number }) => void;
  /** Given a way to draw the same as SVG. */
  onReady?: (toSvg: () => string) => void;
}

/** Draws an option with ECharts. */
export function EChart({ option, height, label, onPick, onReady }: EChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host);
  const chart = useRef<ReturnType<typeof init>>(undefined);
  const latest = useRef({ onPick, option, width, height });
  latest.current = { onPick, option, width, height };
  const shown = width > 0;

  useLayoutEffect(() => {
    if (!host.current || !shown) return;
    const made = init(host.current, null, { renderer: "canvas" });
    chart.current = made;
    made.on("click", (event) => latest.current.onPick?.({ series: event.seriesIndex ?? 0, index: event.dataIndex }));
    return () => {
      chart.current = undefined;
      made.dispose();
    };
  }, [shown]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a chart that was just made has nothing yet
  useEffect(() => chart.current?.setOption(option, { notMerge: true }), [option, shown]);
  useEffect(() => {
    if (width > 0) chart.current?.resize({ width, height });
  }, [width, height]);
  useEffect(() => {
    onReady?.(() => {
      const { option: now, width: wide, height: high } = latest.current;
      const paper = init(null, null, { renderer: "svg", ssr: true, width: wide || 800, height: high });
      paper.setOption({ ...now, animation: false });
      const text = paper.renderToSVGString();
      paper.dispose();
      return text;
    });
  }, [onReady]);
  return <div ref={host} role="img" aria-label={label} style={{ height }} />;
}
