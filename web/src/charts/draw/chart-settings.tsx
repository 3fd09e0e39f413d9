import { ChevronDown, ZoomOut } from "lucide-react";
import { useId, useState } from "react";
import type { Axis } from "@/api/types";
import { decodeSmoothing, encodeSmoothing, type Smoothing, smoothingRange } from "@/charts/prepare/smooth";
import { formatNumber } from "@/state/format";
import { decodeRange, encodeRange, oneOf, type Search } from "@/state/url";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Choice } from "@/ui/fields";
import { Menu, MenuCheck, MenuChoice } from "@/ui/menu";
import { PickList } from "@/ui/pick-list";

export interface ChartSettings {
  axis: Axis;
  /** The metric that is x, with the axis `metric`. */
  xKey: string | undefined;
  smoothing: Smoothing;
  log: boolean;
  xLog: boolean;
  /** The vertical range leaves out what lies far away from nearly all points. */
  clip: boolean;
  range: [number, number] | undefined;
}

const overMetric = "metric:";

export function chartSettings(search: Search): ChartSettings {
  const xKey = search.x?.startsWith(overMetric) ? search.x.slice(overMetric.length) || undefined : undefined;
  return {
    axis: xKey ? "metric" : oneOf(search.x, ["step", "time", "relative"]),
    xKey,
    smoothing: decodeSmoothing(search.smooth),
    log: search.y === "log",
    xLog: search.xs === "log",
    clip: search.clip === "on",
    range: decodeRange(search.zoom),
  };
}

/** An axis as the address has it. */
export const axisSearch = (axis: Axis, xKey?: string): Search => ({
  x: axis === "step" ? undefined : axis === "metric" ? `${overMetric}${xKey ?? ""}` : axis,
  zoom: undefined,
});

export const zoomSearch = (range: [number, number] | undefined): Search => ({ zoom: encodeRange(range) });

/** What all charts of a page share: x axis, smoothing, scales, zoom. */
export function ChartSettingsBar({
  settings,
  onChange,
  metrics = [],
}: {
  settings: ChartSettings;
  onChange: (change: Search, replace?: boolean) => void;
  /** What may be x instead of the step. */
  metrics?: readonly string[];
}) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <AxisField settings={settings} metrics={metrics} onChange={onChange} />
      <SmoothingField
        smoothing={settings.smoothing}
        onChange={(next) => onChange({ smooth: encodeSmoothing(next) }, true)}
      />
      <Menu
        align="start"
        trigger={
          <Button look="ghost" className="pr-1 font-normal">
            Scales
            {settings.log || settings.xLog || settings.clip ? (
              <span className="size-1.5 rounded-full bg-accent" />
            ) : null}
            <ChevronDown />
          </Button>
        }
      >
        <MenuCheck checked={settings.log} onChange={(on) => onChange({ y: on ? "log" : undefined })}>
          Log scale
        </MenuCheck>
        <MenuCheck checked={settings.xLog} onChange={(on) => onChange({ xs: on ? "log" : undefined, zoom: undefined })}>
          Log scale across
        </MenuCheck>
        <MenuCheck checked={settings.clip} onChange={(on) => onChange({ clip: on ? "on" : undefined })}>
          Leave outliers out of the range
        </MenuCheck>
      </Menu>
      {settings.range && (
        <Button look="ghost" className="text-accent" onClick={() => onChange({ zoom: undefined })}>
          <ZoomOut />
          Show all
        </Button>
      )}
    </div>
  );
}

function AxisField({
  settings,
  metrics,
  onChange,
}: {
  settings: ChartSettings;
  metrics: readonly string[];
  onChange: (change: Search) => void;
}) {
  const [choosing, setChoosing] = useState(false);
  return (
    <>
      <Choice
        label="Horizontal axis"
        value={settings.axis}
        onChange={(axis) => (axis === "metric" ? setChoosing(true) : onChange(axisSearch(axis)))}
        options={[
          ["step", "Step"],
          ["time", "Time"],
          ["relative", "Relative"],
          ...(metrics.length > 1 ? [["metric", settings.xKey ? shortKey(settings.xKey) : "Metric…"] as const] : []),
        ]}
      />
      {choosing && (
        <Dialog open onClose={() => setChoosing(false)} title="Metric across">
          <PickList
            label="Search metrics"
            items={metrics}
            value={settings.xKey}
            onPick={(key) => {
              setChoosing(false);
              onChange(axisSearch("metric", key));
            }}
          />
        </Dialog>
      )}
    </>
  );
}

const shortKey = (key: string): string => (key.length > 16 ? `…${key.slice(-15)}` : key);

const kinds = [
  ["ema", "Exponential average"],
  ["gaussian", "Gaussian"],
  ["mean", "Running mean"],
] as const;

/** The kind is remembered while the amount is 0, which the address does not hold. */
function SmoothingField({ smoothing, onChange }: { smoothing: Smoothing; onChange: (next: Smoothing) => void }) {
  const slider = useId();
  const [resting, setResting] = useState(smoothing.kind);
  const kind = smoothing.amount > 0 ? smoothing.kind : resting;
  const { most, step } = smoothingRange[kind];
  const choose = (next: Smoothing["kind"]) => {
    setResting(next);
    // The same part of the way, so that the curve stays about as calm as it was.
    const { most: room, step: unit } = smoothingRange[next];
    const amount = Math.round(((smoothing.amount / most) * room) / unit) * unit;
    onChange({ kind: next, amount: Number.parseFloat(amount.toFixed(2)) });
  };
  return (
    <div className="flex items-center gap-2 text-sm text-ink-2">
      <label htmlFor={slider} className="sr-only">
        Smoothing
      </label>
      <Menu
        align="start"
        trigger={
          <Button look="ghost" className="-mr-1 pr-1 font-normal" title="How curves are made smooth">
            Smoothing
            <ChevronDown />
          </Button>
        }
      >
        <MenuChoice value={kind} onChange={choose} options={kinds} />
      </Menu>
      <input
        id={slider}
        type="range"
        min={0}
        max={most}
        step={step}
        value={smoothing.amount}
        onChange={(event) => onChange({ kind, amount: Number.parseFloat(event.target.value) })}
        className="w-24 accent-accent"
      />
      <output className="num min-w-9 text-xs text-ink-3 sm:w-14">{describe(smoothing)}</output>
    </div>
  );
}

function describe({ kind, amount }: Smoothing): string {
  if (amount === 0) return "off";
  if (kind === "ema") return amount.toFixed(2);
  return kind === "gaussian" ? `σ ${formatNumber(amount)}` : `${formatNumber(amount)} points`;
}
