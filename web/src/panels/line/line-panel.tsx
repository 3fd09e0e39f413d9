import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from "react";
import type uPlot from "uplot";
import { BarList } from "@/charts/draw/bar-list";
import { LineChart } from "@/charts/draw/line-chart";
import { useWidth } from "@/charts/draw/use-size";
import { prepareBars } from "@/charts/prepare/bars";
import type { Curves } from "@/charts/prepare/curves";
import { type Range, scale, shift, withoutOutliers } from "@/charts/prepare/ranges";
import { PanelMessage } from "@/panels/message";
import { type PanelProps, usePanelPage } from "@/panels/page-context";
import { formatCount, plural } from "@/state/format";
import { Skeleton } from "@/ui/state-views";
import { toCsv } from "./export";
import { Legend } from "./legend";
import { plotToSvg, toPng } from "./save";
import { useLine, useLineSettings } from "./use-line";

const legendHeight = 30;
const axisNames = { step: "step", time: "time", relative: "time since the start", metric: "" } as const;

/** Curves of runs or groups. Zoom and cursor are shared with every panel over the same axis. */
export function LinePanel({ settings, title, height, full, exports }: PanelProps<"line">) {
  const page = usePanelPage();
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const width = useWidth(host);
  const [own, setOwn] = useState<Range>();
  const [ownY, setOwnY] = useState<Range>();
  const [cursor, setCursor] = useState<number>();
  const view = useLineSettings(settings, own);
  const line = useLine(view, width);
  const { curves, names, styles } = line;
  const { onZoom } = page;
  const zoom = useCallback(
    (range: Range | undefined, y?: Range) => {
      setOwnY(y);
      if (view.shared) onZoom(range);
      else setOwn(range);
    },
    [view.shared, onZoom],
  );
  const yRange = useMemo(
    () => ownY ?? settings.yRange ?? (view.clip && curves ? withoutOutliers(curves, view.log) : undefined),
    [ownY, settings.yRange, view.clip, view.log, curves],
  );
  const bars = useMemo(
    () => (line.frames && !view.range && view.keys.length === 1 ? prepareBars(line.frames) : undefined),
    [line.frames, view.range, view.keys.length],
  );
  const xName = view.axis === "metric" ? (view.xKey ?? "") : axisNames[view.axis];
  const legend = full ? Math.min(160, 30 + 20 * Math.ceil((curves?.runIds.length ?? 0) / 4)) : legendHeight;
  const plotHeight = height - legend;
  const hasCurves = curves !== undefined && !bars && curves.columns.length > 0;
  exports.current = hasCurves
    ? {
        png: async () => (host.current && (await toPng(host.current, title))) || undefined,
        svg: () =>
          plot.current &&
          plotToSvg(title, { plot: plot.current, curves, names, styles, xLog: view.xLog, yLog: view.log }),
        csv: () => toCsv(curves, names, xName),
      }
    : bars
      ? {
          csv: () =>
            `run,${JSON.stringify(title)}\n${bars.map((bar) => `${JSON.stringify(names.get(bar.runId) ?? bar.runId)},${bar.value}`).join("\n")}\n`,
        }
      : {};

  return (
    <>
      <div
        ref={host}
        role="group"
        aria-label={`${title}: arrow keys move, plus and minus zoom, 0 shows all`}
        tabIndex={hasCurves ? 0 : -1}
        onKeyDown={(event) => hasCurves && steer(event, curves, view.range, view.axis === "time", view.xLog, zoom)}
        className="rounded-md focus-visible:-outline-offset-2"
        style={{ height: bars ? height : plotHeight }}
      >
        {body()}
      </div>
      {hasCurves && (
        <Legend
          curves={curves}
          names={names}
          styles={styles}
          full={full}
          width={width}
          height={legend}
          cursor={cursor}
          shown={line.shown}
          yCut={yRange !== undefined}
          omitted={view.omitted}
        />
      )}
    </>
  );

  function body() {
    if (view.error) return <PanelMessage text={view.error} height={plotHeight} bad />;
    if (view.keys.length === 0)
      return (
        <PanelMessage
          text={settings.pattern ? "No metric matches" : "Choose a metric in the settings"}
          height={plotHeight}
        />
      );
    if (line.failure)
      return <PanelMessage text={`Could not be read. ${line.failure.message}`} height={plotHeight} bad />;
    if (!curves || width === 0) return <Skeleton className="mx-3 h-[calc(100%-1rem)]" />;
    if (bars)
      return (
        <BarList
          bars={bars}
          names={names}
          styles={styles}
          height={height}
          label={`${title}: one value of ${plural(bars.length, "run")}`}
        />
      );
    if (curves.columns.length === 0)
      return <PanelMessage text={view.range ? "No points in this range" : "No points yet"} height={plotHeight} />;
    return (
      <LineChart
        curves={curves}
        styles={styles}
        names={names}
        axis={view.axis}
        log={view.log}
        xLog={view.xLog}
        xName={xName}
        range={view.range}
        yRange={yRange}
        onZoom={zoom}
        onCursor={setCursor}
        onPlot={(made) => {
          plot.current = made;
        }}
        width={width}
        height={plotHeight}
        label={`${title}: ${plural(curves.points, "point")} of ${formatCount(curves.runIds.length)} ${curves.runIds.length === 1 ? "curve" : "curves"}`}
      />
    );
  }
}

/** Moves and changes the shown range by keys. */
function steer(
  event: KeyboardEvent,
  curves: Curves,
  range: Range | undefined,
  isTime: boolean,
  log: boolean,
  zoom: (range: Range | undefined) => void,
): void {
  const unit = isTime ? 1000 : 1;
  const now: Range = range ?? [(curves.x[0] ?? 0) * unit, (curves.x.at(-1) ?? 1) * unit];
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  let next: Range | undefined;
  if (event.key === "ArrowLeft") next = shift(now, -0.1, log);
  else if (event.key === "ArrowRight") next = shift(now, 0.1, log);
  else if (event.key === "+" || event.key === "=") next = scale(now, 0.7, log);
  else if (event.key === "-") next = scale(now, 1 / 0.7, log);
  else if (event.key !== "0") return;
  event.preventDefault();
  event.stopPropagation();
  zoom(next);
}
