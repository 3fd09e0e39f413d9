import { usePanelPage } from "@/panels/page-context";
import type { MediaSettings } from "@/panels/prepare/kinds";
import { Choice } from "@/ui/fields";
import { FieldPicker } from "./field-picker";
import { Row } from "./line-fields";
import { LazyField } from "./panel-drawer";

interface MediaFieldsProps {
  settings: MediaSettings;
  edit: (change: Partial<MediaSettings>) => void;
}

/** Which key a panel shows, at which step, in how many columns. */
export function MediaFields({ settings, edit }: MediaFieldsProps) {
  const { media } = usePanelPage();
  const { key, step, columns } = settings;
  const range = media.find((one) => one.key === key);
  return (
    <>
      <FieldPicker label="Key" choice="media key" value={key} onChange={(next) => edit({ key: next })} />
      <Row label="Step">
        <Choice
          label="Step"
          value={step === undefined ? "newest" : "fixed"}
          onChange={(next) => edit({ step: next === "newest" ? undefined : (range?.lastStep ?? 0) })}
          options={[
            ["newest", "Newest"],
            ["fixed", "Up to a step"],
          ]}
        />
      </Row>
      {step !== undefined && (
        <LazyField
          key={step}
          label="Up to step"
          value={String(step)}
          onChange={(text) => {
            const next = Number(text ?? Number.NaN);
            if (Number.isFinite(next) && next !== step) edit({ step: next });
          }}
        />
      )}
      <label className="flex items-center gap-1 text-xs text-ink-2">
        <span className="w-24 shrink-0">Runs in a row</span>
        <input
          type="range"
          min={0}
          max={12}
          value={columns ?? 0}
          onChange={(event) => edit({ columns: event.target.value === "0" ? undefined : Number(event.target.value) })}
          className="grow accent-accent"
        />
        <output className="num w-16 text-right">{columns ?? "by itself"}</output>
      </label>
    </>
  );
}
