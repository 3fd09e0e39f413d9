import { type ReactNode, useState } from "react";
import { smoothingRange } from "@/charts/prepare/smooth";
import { tryExpression } from "@/panels/line/series";
import { type BandKind, bandKinds, type LineSettings } from "@/panels/prepare/kinds";
import { Choice } from "@/ui/fields";
import { FieldPicker, FieldsPicker } from "./field-picker";
import { type Edit, LazyField } from "./panel-drawer";

type By = "keys" | "pattern" | "expression";

/** What a panel of curves shows and how. */
export function LineFields({ settings, edit }: { settings: LineSettings; edit: Edit<"line"> }) {
  const [by, setBy] = useState<By>(settings.expression ? "expression" : settings.pattern ? "pattern" : "keys");
  const read = settings.expression ? tryExpression(settings.expression) : undefined;
  const { axis } = settings;
  return (
    <>
      <Row label="Metrics by">
        <Choice
          label="Metrics by"
          value={by}
          onChange={setBy}
          options={[
            ["keys", "Name"],
            ["pattern", "Pattern"],
            ["expression", "Expression"],
          ]}
        />
      </Row>
      {by === "keys" && (
        <FieldsPicker
          label="Metrics"
          choice="metric key"
          value={settings.keys}
          none="None yet"
          onChange={(keys) => edit({ keys, pattern: undefined, expression: undefined })}
        />
      )}
      {by === "pattern" && (
        <LazyField
          label="All metrics that match a text or a regular expression"
          value={settings.pattern}
          placeholder="^val/.*loss$"
          onChange={(pattern) => edit({ pattern, expression: undefined })}
        />
      )}
      {by === "expression" && (
        <LazyField
          label="Computed from metrics of each run, up to 100 runs; names with other signs in backquotes"
          value={settings.expression}
          placeholder="train/loss - val/loss"
          error={read && "error" in read ? read.error : undefined}
          onChange={(expression) => edit({ expression, pattern: undefined })}
        />
      )}
      <Row label="Across">
        <Choice
          label="Across"
          value={axis?.kind ?? "page"}
          onChange={(kind) =>
            edit({ axis: kind === "page" ? undefined : kind === "metric" ? { kind, key: axis?.key ?? "" } : { kind } })
          }
          options={[
            ["page", "As page"],
            ["step", "Step"],
            ["time", "Time"],
            ["relative", "Relative"],
            ["metric", "Metric"],
          ]}
        />
      </Row>
      {axis?.kind === "metric" && (
        <FieldPicker
          label="Metric across"
          choice="metric key"
          value={axis.key || undefined}
          onChange={(key) => edit({ axis: { kind: "metric", key: key ?? "" } })}
        />
      )}
      <Row label="Height in">
        <OnOff value={settings.yLog} onChange={(yLog) => edit({ yLog })} off="Linear" on="Log" label="Height in" />
      </Row>
      <Row label="Width in">
        <OnOff value={settings.xLog} onChange={(xLog) => edit({ xLog })} off="Linear" on="Log" label="Width in" />
      </Row>
      <Row label="Outliers">
        <OnOff
          value={settings.clip}
          onChange={(clip) => edit({ clip })}
          off="Shown"
          on="Out of range"
          label="Outliers"
        />
      </Row>
      <SmoothingRow settings={settings} edit={edit} />
      <Row label="Band of groups">
        <Choice
          label="Band of groups"
          value={settings.band ?? "deviation"}
          onChange={(band) => edit({ band: band === "deviation" ? undefined : band })}
          options={bandKinds.map((kind) => [kind, bandNames[kind]] as const)}
        />
      </Row>
      <RangeRow settings={settings} edit={edit} />
    </>
  );
}

const bandNames: Record<BandKind, string> = { deviation: "Deviation", error: "Error", range: "Min–max", none: "None" };

export const Row = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="flex items-center gap-1">
    <span aria-hidden="true" className="w-24 shrink-0 text-xs text-ink-2">
      {label}
    </span>
    {children}
  </div>
);

/** Off, or on, or left to what is otherwise. */
export function OnOff({
  label,
  value,
  onChange,
  on,
  off,
  rest = "As page",
}: {
  label: string;
  value: boolean | undefined;
  onChange: (value: boolean | undefined) => void;
  on: string;
  off: string;
  rest?: string;
}) {
  return (
    <Choice
      label={label}
      value={value === undefined ? "page" : value ? "on" : "off"}
      onChange={(next) => onChange(next === "page" ? undefined : next === "on")}
      options={[
        ["page", rest],
        ["off", off],
        ["on", on],
      ]}
    />
  );
}

function SmoothingRow({ settings, edit }: { settings: LineSettings; edit: Edit<"line"> }) {
  const own = settings.smoothing;
  const kind = own?.kind ?? "page";
  return (
    <>
      <Row label="Smoothing">
        <Choice
          label="Smoothing"
          value={kind}
          onChange={(next) =>
            edit({ smoothing: next === "page" ? undefined : { kind: next, amount: smoothingRange[next].most / 5 } })
          }
          options={[
            ["page", "As page"],
            ["ema", "EMA"],
            ["gaussian", "Gaussian"],
            ["mean", "Mean"],
          ]}
        />
      </Row>
      {own && (
        <label className="flex items-center gap-1 text-xs text-ink-2">
          <span className="w-24 shrink-0">Amount</span>
          <input
            type="range"
            min={0}
            max={smoothingRange[own.kind].most}
            step={smoothingRange[own.kind].step}
            value={own.amount}
            onChange={(event) => edit({ smoothing: { kind: own.kind, amount: Number.parseFloat(event.target.value) } })}
            className="grow accent-accent"
          />
          <output className="num w-10 text-right">{own.amount}</output>
        </label>
      )}
    </>
  );
}

function RangeRow({ settings, edit }: { settings: LineSettings; edit: Edit<"line"> }) {
  const [from, to] = settings.yRange ?? [];
  const set = (text: string | undefined) => {
    const [low, high] = (text ?? "").split("..").map(Number.parseFloat);
    edit({ yRange: low !== undefined && high !== undefined && low < high ? [low, high] : undefined });
  };
  return (
    <LazyField
      label="Vertical range"
      value={from === undefined ? undefined : `${from}..${to}`}
      placeholder="0..1, or empty for all"
      onChange={set}
    />
  );
}
