import type { PanelSettings } from "@/panels/prepare/kinds";

/** What a panel that is no curve shows. */
export function KindFields({
  settings,
  edit,
}: {
  settings: Exclude<PanelSettings, { kind: "line" }>;
  edit: (change: object) => void;
}) {
  if (settings.kind === "markdown")
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
  return null;
}
