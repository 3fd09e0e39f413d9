import type { PanelSettings } from "@/panels/prepare/kinds";
import { Choice } from "@/ui/fields";
import { FieldPicker, FieldsPicker } from "./field-picker";
import { OnOff, Row } from "./line-fields";
import { MediaFields } from "./media-fields";

interface KindFieldsProps {
  settings: Exclude<PanelSettings, { kind: "line" }>;
  edit: (change: object) => void;
}

/** What a panel that is no curve shows. */
export function KindFields({ settings, edit }: KindFieldsProps) {
  switch (settings.kind) {
    case "scatter":
      return (
        <>
          <FieldPicker label="Across" choice="numeric" value={settings.x} onChange={(x) => edit({ x })} />
          <FieldPicker label="Height" choice="numeric" value={settings.y} onChange={(y) => edit({ y })} />
          <FieldPicker
            label="Colour"
            choice="any"
            value={settings.colour}
            none="One colour"
            onChange={(colour) => edit({ colour })}
          />
          <Logs settings={settings} edit={edit} />
        </>
      );
    case "bar":
      return (
        <>
          <FieldPicker label="Value" choice="numeric" value={settings.value} onChange={(value) => edit({ value })} />
          <FieldPicker
            label="A bar for"
            choice="group"
            value={settings.by}
            none="Each run"
            onChange={(by) => edit({ by })}
          />
        </>
      );
    case "box":
      return (
        <>
          <FieldPicker label="Value" choice="numeric" value={settings.value} onChange={(value) => edit({ value })} />
          <FieldPicker
            label="A box for"
            choice="group"
            value={settings.by}
            none="All runs"
            onChange={(by) => edit({ by })}
          />
          <Row label="As">
            <Choice
              label="As"
              value={settings.violin ? "violin" : "box"}
              onChange={(next) => edit({ violin: next === "violin" ? true : undefined })}
              options={[
                ["box", "Box"],
                ["violin", "Violin"],
              ]}
            />
          </Row>
          <Scale label="Height in" value={settings.yLog} onChange={(yLog) => edit({ yLog })} />
        </>
      );
    case "histogram":
      return (
        <>
          <FieldPicker label="Value" choice="numeric" value={settings.value} onChange={(value) => edit({ value })} />
          <Scale label="Width in" value={settings.xLog} onChange={(xLog) => edit({ xLog })} />
          <label className="flex items-center gap-1 text-xs text-ink-2">
            <span className="w-24 shrink-0">Ranges</span>
            <input
              type="range"
              min={4}
              max={120}
              value={settings.bins ?? 4}
              onChange={(event) =>
                edit({ bins: event.target.value === "4" ? undefined : Number.parseInt(event.target.value, 10) })
              }
              className="grow accent-accent"
            />
            <output className="num w-16 text-right">{settings.bins ?? "by itself"}</output>
          </label>
        </>
      );
    case "parallel":
      return (
        <>
          <FieldsPicker
            label="Axes"
            choice="any"
            value={settings.fields}
            none="The first params and the main metric"
            onChange={(fields) => edit({ fields })}
          />
          <FieldPicker
            label="Colour"
            choice="any"
            value={settings.colour}
            none="The last axis"
            onChange={(colour) => edit({ colour })}
          />
        </>
      );
    case "heat":
      return (
        <>
          <FieldPicker label="Across" choice="any" value={settings.x} onChange={(x) => edit({ x })} />
          <FieldPicker label="Height" choice="any" value={settings.y} onChange={(y) => edit({ y })} />
          <FieldPicker label="Value" choice="numeric" value={settings.value} onChange={(value) => edit({ value })} />
          <Row label="As">
            <Choice
              label="As"
              value={settings.look ?? "cells"}
              onChange={(look) => edit({ look: look === "cells" ? undefined : look })}
              options={[
                ["cells", "Cells"],
                ["contour", "Contour"],
              ]}
            />
          </Row>
          <Logs settings={settings} edit={edit} />
        </>
      );
    case "importance":
      return (
        <FieldPicker label="Metric" choice="metric" value={settings.value} onChange={(value) => edit({ value })} />
      );
    case "matrix":
      return (
        <>
          <FieldsPicker
            label="Params"
            choice="param"
            value={settings.params}
            none="The first ones"
            onChange={(params) => edit({ params })}
          />
          <FieldsPicker
            label="Metrics"
            choice="metric"
            value={settings.metrics}
            none="The first ones"
            onChange={(metrics) => edit({ metrics })}
          />
        </>
      );
    case "media":
      return <MediaFields settings={settings} edit={edit} />;
    case "markdown":
      return (
        <label className="block text-xs text-ink-2">
          Markdown
          <textarea
            value={settings.text ?? ""}
            rows={14}
            maxLength={100_000}
            onChange={(event) => edit({ text: event.target.value || undefined })}
            className="mt-1 w-full rounded-md border border-line-strong bg-surface p-2.5 font-mono text-xs leading-5 text-ink"
          />
        </label>
      );
  }
}

function Logs({ settings, edit }: { settings: { xLog?: boolean; yLog?: boolean }; edit: (change: object) => void }) {
  return (
    <>
      <Scale label="Width in" value={settings.xLog} onChange={(xLog) => edit({ xLog })} />
      <Scale label="Height in" value={settings.yLog} onChange={(yLog) => edit({ yLog })} />
    </>
  );
}

interface ScaleProps {
  label: string;
  value: boolean | undefined;
  onChange: (value: boolean | undefined) => void;
}

/** Whether an axis is logarithmic; by itself, it is where the values ask for it. */
function Scale({ label, value, onChange }: ScaleProps) {
  return (
    <Row label={label}>
      <OnOff label={label} value={value} onChange={onChange} rest="By itself" on="Log" off="Linear" />
    </Row>
  );
}
