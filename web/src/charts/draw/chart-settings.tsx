import { ChevronDown, ZoomOut } from "lucide-react";
import { useId, useState } from "react";
import type { Axis } from "@/api/types";
import { decodeSmoothing, encodeSmoothing, type Smoothing, smoothingRange } from "@/charts/prepare/smooth";
import { formatNumber } from "@/state/format";
import { decodeRange, encodeRange, oneOf, type Search } from "@/state/url";
import { Button } from "@/ui/button";
import { CheckBox, Choice } from "@/ui/fields";
import { Menu, MenuChoice } from "@/ui/menu";

export interface ChartSettings {
  axis: Axis;
  smoothing: Smoothing;
  log: boolean;
  range: [number, number] | undefined;
}

export function chartSettings(search: Search): ChartSettings {
  return {
    axis: oneOf(search.x, ["step", "time", "relative"]),
    smoothing: decodeSmoothing(search.smooth),
    log: search.y === "log",
    range: decodeRange(search.zoom),
  };
}

export const zoomSearch = (range: [number, number] | undefined): Search => ({ zoom: encodeRange(range) });

/** What all charts of a page share: x axis, smoothing, scale, zoom. */
export function ChartSettingsBar({
  settings,
  onChange,
}: {
  settings: ChartSettings;
  onChange: (change: Search, replace?: boolean) => void;
}) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Choice
        label="Horizontal axis"
        value={settings.axis}
        onChange={(axis) => onChange({ x: axis === "step" ? undefined : axis, zoom: undefined })}
        options={[
          ["step", "Step"],
          ["time", "Time"],
          ["relative", "Relative"],
        ]}
      />
      <SmoothingField
        smoothing={settings.smoothing}
        onChange={(next) => onChange({ smooth: encodeSmoothing(next) }, true)}
      />
      <CheckBox
        label="Log scale"
        checked={settings.log}
        onChange={(event) => onChange({ y: event.target.checked ? "log" : undefined })}
        className="text-ink-2"
      />
      {settings.range && (
        <Button look="ghost" className="text-accent" onClick={() => onChange({ zoom: undefined })}>
          <ZoomOut />
          Show all
        </Button>
      )}
    </div>
  );
}

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
      <output className="num w-14 text-xs text-ink-3">{describe(smoothing)}</output>
    </div>
  );
}

function describe({ kind, amount }: Smoothing): string {
  if (amount === 0) return "off";
  if (kind === "ema") return amount.toFixed(2);
  return kind === "gaussian" ? `σ ${formatNumber(amount)}` : `${formatNumber(amount)} points`;
}
