import { useEffect, useMemo, useRef, useState } from "react";
import { formatCount, formatNumber } from "@/state/format";
import { useTheme } from "@/state/theme";
import { Choice } from "@/ui/fields";
import { type Densities, densities } from "./densities";
import type { Histogram } from "./shapes";

export interface SteppedHistogram {
  step: number;
  histogram: Histogram;
}

interface HistogramViewProps {
  title: string;
  items: readonly SteppedHistogram[];
  /** The place in `items` that is looked at. */
  place: number;
  onPlace: (place: number) => void;
}

type Look = "ridges" | "heat" | "step";
const bins = 64;
const ridgesAtMost = 32;

/** How values were spread, step by step: ridgelines or a heat map over all steps, or the one step that is looked at. */
export function HistogramView({ title, items, place, onPlace }: HistogramViewProps) {
  const [look, setLook] = useState<Look>(items.length > 1 ? "ridges" : "step");
  const shown = useMemo(
    () =>
      densities(
        items.map((one) => one.histogram),
        bins,
      ),
    [items],
  );
  const current = items[place];
  return (
    <div className="px-4 py-3">
      {items.length > 1 && (
        <div className="flex">
          <Choice
            label={`How ${title} is drawn`}
            value={look}
            onChange={setLook}
            options={[
              ["ridges", "Ridgelines"],
              ["heat", "Heat map"],
              ["step", "This step"],
            ]}
          />
        </div>
      )}
      <div className="mt-3">
        {look === "step" || items.length === 1 ? (
          current && <Bars title={title} histogram={current.histogram} />
        ) : look === "heat" ? (
          <Heat title={title} items={items} shown={shown} place={place} onPlace={onPlace} />
        ) : (
          <Ridges title={title} items={items} shown={shown} place={place} />
        )}
      </div>
      {current && current.histogram.missing > 0 && (
        <p className="mt-2 text-xs text-warn">
          {formatCount(current.histogram.missing)} values were not finite and are in no bin.
        </p>
      )}
    </div>
  );
}

const Axis = ({ from, to }: { from: number; to: number }) => (
  <div aria-hidden="true" className="num flex justify-between pt-1 text-2xs text-ink-3">
    <span>{formatNumber(from, 3)}</span>
    <span>{formatNumber((from + to) / 2, 3)}</span>
    <span>{formatNumber(to, 3)}</span>
  </div>
);

function Bars({ title, histogram }: { title: string; histogram: Histogram }) {
  const { edges, counts } = histogram;
  const from = edges[0] ?? 0;
  const to = edges[edges.length - 1] ?? 1;
  // The height is the count a width, so that bins of uneven width do not mislead.
  const heights = counts.map((count, at) => count / ((edges[at + 1] ?? 0) - (edges[at] ?? 0)));
  const most = heights.reduce((all, one) => Math.max(all, one), 0) || 1;
  const x = (value: number) => ((value - from) / (to - from)) * 400;
  return (
    <>
      <svg
        viewBox="0 0 400 160"
        preserveAspectRatio="none"
        role="img"
        aria-label={`Histogram of ${title}`}
        className="h-44 w-full"
      >
        {heights.map((height, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a bin belongs to its place
          <g key={at}>
            <title>{`${formatNumber(edges[at] ?? 0)} to ${formatNumber(edges[at + 1] ?? 0)}: ${formatNumber(counts[at] ?? 0)}`}</title>
            <rect
              x={x(edges[at] ?? 0)}
              width={Math.max(0.5, x(edges[at + 1] ?? 0) - x(edges[at] ?? 0) - 0.6)}
              y={160 - (height / most) * 158}
              height={(height / most) * 158}
              fill="var(--series-0)"
            />
          </g>
        ))}
      </svg>
      <Axis from={from} to={to} />
    </>
  );
}

interface OverSteps {
  title: string;
  items: readonly SteppedHistogram[];
  shown: Densities;
  place: number;
}

function Ridges({ title, items, shown, place }: OverSteps) {
  const lines = useMemo(() => {
    const every = Math.max(1, Math.ceil(items.length / ridgesAtMost));
    return items.flatMap((_, at) => (at % every === 0 || at === items.length - 1 ? [at] : []));
  }, [items]);
  const gap = 150 / Math.max(1, lines.length);
  const peak = Math.max(24, gap * 3);
  const outline = (at: number, base: number) =>
    (shown.shares[at] ?? [])
      .map((share, bin) => `${((bin + 0.5) / bins) * 400},${base - (share / (shown.most || 1)) * peak}`)
      .join(" ");
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-2">
      <svg
        viewBox={`0 0 400 ${160 + peak}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Histograms of ${title} over ${lines.length} steps`}
        className="h-56 w-full"
      >
        {lines.map((at, row) => {
          const base = peak + row * gap + 4;
          return (
            <polygon
              key={at}
              points={`0,${base} ${outline(at, base)} 400,${base}`}
              fill={at === place ? "var(--accent-soft)" : "var(--surface)"}
              stroke={at === place ? "var(--accent)" : "var(--series-0)"}
              strokeWidth={at === place ? 2 : 1}
              vectorEffect="non-scaling-stroke"
            >
              <title>{`step ${items[at]?.step}`}</title>
            </polygon>
          );
        })}
      </svg>
      <div aria-hidden="true" className="num flex flex-col justify-between pt-8 text-2xs text-ink-3">
        <span>step {formatNumber(items[0]?.step ?? 0, 7)}</span>
        <span>step {formatNumber(items[items.length - 1]?.step ?? 0, 7)}</span>
      </div>
      <Axis from={shown.from} to={shown.to} />
    </div>
  );
}

function Heat({ title, items, shown, place, onPlace }: OverSteps & { onPlace: (place: number) => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours, and its canvas is another one
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const colour = getComputedStyle(document.documentElement).getPropertyValue("--series-0");
    context.clearRect(0, 0, items.length, bins);
    context.fillStyle = colour;
    shown.shares.forEach((row, x) => {
      row.forEach((share, bin) => {
        // The root brings out what is rare.
        context.globalAlpha = Math.sqrt(share / (shown.most || 1));
        context.fillRect(x, bins - 1 - bin, 1, 1);
      });
    });
  }, [items, shown, theme]);
  return (
    <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2">
      <div aria-hidden="true" className="num flex flex-col justify-between text-right text-2xs text-ink-3">
        <span>{formatNumber(shown.to, 3)}</span>
        <span>{formatNumber(shown.from, 3)}</span>
      </div>
      <div className="relative">
        <canvas
          key={theme}
          ref={canvas}
          width={items.length}
          height={bins}
          role="img"
          aria-label={`Heat map of ${title} over ${items.length} steps`}
          onClick={({ nativeEvent, currentTarget }) =>
            onPlace(Math.floor((nativeEvent.offsetX / currentTarget.clientWidth) * items.length))
          }
          className="block h-52 w-full cursor-pointer rounded-sm bg-sunken [image-rendering:pixelated]"
        />
        <span
          aria-hidden="true"
          className="pointer-events-none absolute inset-y-0 border-x border-accent"
          style={{ left: `${(place / items.length) * 100}%`, width: `${100 / items.length}%` }}
        />
      </div>
      <span />
      <div aria-hidden="true" className="num flex justify-between pt-1 text-2xs text-ink-3">
        <span>step {formatNumber(items[0]?.step ?? 0, 7)}</span>
        <span>step {formatNumber(items[items.length - 1]?.step ?? 0, 7)}</span>
      </div>
    </div>
  );
}
