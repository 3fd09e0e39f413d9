import { ZoomOut } from "lucide-react";
import { useId } from "react";
import type { Axis } from "@/api/types";
import { decodeRange, encodeRange, oneOf, type Search } from "@/state/url";
import { Button } from "@/ui/button";
import { CheckBox, Choice } from "@/ui/fields";

export interface ChartSettings {
  axis: Axis;
  smoothing: number;
  log: boolean;
  range: [number, number] | undefined;
}

export function chartSettings(search: Search): ChartSettings {
  const smoothing = Number.parseFloat(search.smooth ?? "0");
  return {
    axis: oneOf(search.x, ["step", "time", "relative"]),
    smoothing: smoothing > 0 && smoothing < 1 ? smoothing : 0,
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
  const slider = useId();
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
      <div className="flex items-center gap-2 text-sm text-ink-2">
        <label htmlFor={slider}>Smoothing</label>
        <input
          id={slider}
          type="range"
          min={0}
          max={0.99}
          step={0.01}
          value={settings.smoothing}
          onChange={(event) => onChange({ smooth: event.target.value === "0" ? undefined : event.target.value }, true)}
          className="w-24 accent-accent"
        />
        <output className="num w-8 text-xs text-ink-3">
          {settings.smoothing === 0 ? "off" : settings.smoothing.toFixed(2)}
        </output>
      </div>
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
