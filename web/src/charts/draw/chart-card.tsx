import { Maximize2 } from "lucide-react";
import { memo, type ReactNode, useMemo, useRef, useState } from "react";
import { failureOf, useFrames } from "@/api/queries";
import { prepareBars } from "@/charts/prepare/bars";
import { colourVariable, type RunStyle } from "@/charts/prepare/colours";
import { type Curves, prepareCurves } from "@/charts/prepare/curves";
import { splitNames } from "@/charts/prepare/names";
import { formatCount, formatNumber, plural } from "@/state/format";
import { cx } from "@/ui/classes";
import { Dialog } from "@/ui/dialog";
import { Skeleton } from "@/ui/state-views";
import { Tip } from "@/ui/tip";
import { BarList } from "./bar-list";
import type { ChartSettings } from "./chart-settings";
import { LineChart } from "./line-chart";
import { RunName } from "./run-name";
import { useVisible, useWidth } from "./use-size";

export interface ChartRun {
  id: string;
  name: string;
}

interface ChartCardProps {
  metric: string;
  title: string;
  runs: readonly ChartRun[];
  styles: ReadonlyMap<string, RunStyle>;
  settings: ChartSettings;
  /** As far as is known no run has more than one point, so that a zoom on curves means nothing to it. */
  single: boolean;
  onZoom: (range: [number, number] | undefined) => void;
}

const plotHeight = 200;
const legendHeight = 30;

/** One metric of some runs. Asks and draws only while it is near the screen; its size never changes. */
export const ChartCard = memo(function ChartCard(props: ChartCardProps) {
  const { metric, title, runs } = props;
  const frame = useRef<HTMLElement>(null);
  const visible = useVisible(frame);
  const [large, setLarge] = useState(false);
  return (
    <section
      ref={frame}
      aria-label={metric}
      data-chart={metric}
      className="group/card flex min-w-0 flex-col rounded-lg border border-line bg-surface shadow-card"
    >
      <header className="flex h-9 items-center gap-2 pr-1.5 pl-3">
        <h3 className="min-w-0 grow truncate text-sm font-medium" title={metric}>
          {title}
        </h3>
        <Tip text="Enlarge">
          <button
            type="button"
            aria-label={`Enlarge ${metric}`}
            onClick={() => setLarge(true)}
            className="grid size-7 place-items-center rounded-md text-ink-3 opacity-60 transition-opacity hover:bg-hover hover:text-ink group-hover/card:opacity-100 focus-visible:opacity-100"
          >
            <Maximize2 className="size-3.5" />
          </button>
        </Tip>
      </header>
      <div style={{ height: plotHeight + legendHeight }}>{visible && <Plot {...props} height={plotHeight} />}</div>
      <Dialog open={large} onClose={() => setLarge(false)} title={metric} wide>
        {large && (
          <Plot {...props} height={Math.min(560, Math.round(window.innerHeight * 0.6))} full={runs.length > 1} />
        )}
      </Dialog>
    </section>
  );
});

function Plot({
  metric,
  runs,
  styles,
  settings,
  single,
  onZoom,
  height,
  full = false,
}: ChartCardProps & { height: number; full?: boolean }) {
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host);
  const range = single ? undefined : settings.range;
  const [from, to] = range ?? [];
  const query = {
    runIds: runs.map((run) => run.id),
    key: metric,
    axis: settings.axis,
    // Widths come in steps, so that resizing a window does not ask again for every pixel.
    buckets: width === 0 ? 0 : Math.ceil(width / 100) * 100,
    ...(from === undefined || to === undefined ? {} : { from, to }),
  };
  const frames = useFrames(query, width > 0);
  const { axis, smoothing, log } = settings;
  const curves = useMemo(
    () => frames.data && prepareCurves(frames.data, { axis, smoothing, log }),
    [frames.data, axis, smoothing, log],
  );
  const bars = useMemo(
    () => (frames.data && from === undefined ? prepareBars(frames.data) : undefined),
    [frames.data, from],
  );
  const names = useMemo(() => new Map(runs.map((run) => [run.id, run.name])), [runs]);

  let body: ReactNode;
  const failure = failureOf(frames);
  if (failure) body = <Message text={`Could not be read. ${failure.message}`} height={height} bad />;
  else if (!curves || width === 0) body = <Skeleton className="mx-3 h-[calc(100%-1rem)]" />;
  else if (bars)
    body = (
      <BarList
        bars={bars}
        names={names}
        styles={styles}
        height={height + legendHeight}
        label={`${metric}: one value of ${plural(bars.length, "run")}`}
      />
    );
  else if (curves.columns.length === 0)
    body = <Message text={range ? "No points in this range" : "No points yet"} height={height} />;
  else
    body = (
      <LineChart
        curves={curves}
        styles={styles}
        names={names}
        axis={axis}
        log={log}
        range={range}
        onZoom={onZoom}
        width={width}
        height={height}
        label={`${metric}: ${plural(curves.points, "point")} of ${plural(curves.runIds.length, "run")}`}
      />
    );

  return (
    <>
      <div ref={host} style={{ height: bars ? height + legendHeight : height }}>
        {body}
      </div>
      {curves && !bars && <Legend curves={curves} runs={runs} styles={styles} full={full} />}
    </>
  );
}

const Message = ({ text, height, bad = false }: { text: string; height: number; bad?: boolean }) => (
  <p
    style={{ height }}
    className={`grid place-items-center px-6 text-center text-xs ${bad ? "text-bad" : "text-ink-3"}`}
  >
    {text}
  </p>
);

/** Last values when there are few runs, and what the picture leaves out. */
function Legend({
  curves,
  runs,
  styles,
  full,
}: {
  curves: Curves;
  runs: readonly ChartRun[];
  styles: ReadonlyMap<string, RunStyle>;
  full: boolean;
}) {
  const drawn = runs.filter((run) => curves.runIds.includes(run.id));
  const some = full || drawn.length <= 3 ? drawn : [];
  const parts = splitNames(some.map((run) => run.name));
  const remarks = [
    curves.bucketed && curves.bands.length > 0 && "band: min to max",
    curves.bucketed && curves.bands.length === 0 && "lines: mean of each bucket",
    curves.notFinite > 0 && `${formatCount(curves.notFinite)} NaN or infinite`,
    curves.notPositive > 0 && `${formatCount(curves.notPositive)} not above 0`,
  ].filter((remark): remark is string => typeof remark === "string");
  return (
    <div
      className={
        full
          ? "mt-3 flex flex-wrap gap-x-4 gap-y-1 text-xs"
          : "flex h-[30px] items-center gap-3 overflow-hidden px-3 text-2xs"
      }
    >
      {some.map((run) => (
        <span key={run.id} className={`flex items-center gap-1.5 text-ink-2 ${full ? "" : "min-w-0"}`} title={run.name}>
          <span
            aria-hidden="true"
            className="h-0.5 w-3 shrink-0 rounded-full"
            style={{ background: colourVariable(styles.get(run.id)) }}
          />
          {runs.length > 1 && (
            <span className={full ? "max-w-52" : "min-w-0"}>
              <RunName name={run.name} parts={parts.get(run.name)} />
            </span>
          )}
          <span className="num shrink-0 font-medium text-ink">{lastValue(curves, run.id)}</span>
        </span>
      ))}
      {drawn.length > some.length && <span className="num shrink-0 text-ink-3">{plural(drawn.length, "run")}</span>}
      <span className="grow" />
      {remarks.length > 0 && (
        <span
          className={cx("truncate text-ink-3", some.length > 1 ? "min-w-0 shrink-[100000]" : "shrink-0")}
          title={`${remarks.join(", ")}; ${plural(curves.points, "point")}`}
        >
          {remarks[0]}
        </span>
      )}
    </div>
  );
}

function lastValue(curves: Curves, runId: string): string {
  const index = curves.columns.findIndex((column) => column.runId === runId && column.role === "line");
  const value = curves.values[index]?.findLast((cell) => cell !== undefined);
  return value === undefined ? "" : value === null ? "NaN" : formatNumber(value);
}
