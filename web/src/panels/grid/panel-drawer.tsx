import { useState } from "react";
import { isByItself } from "@/panels/prepare/arrangement";
import type { PanelKind, PanelSettings, SettingsOf } from "@/panels/prepare/kinds";
import { titleOf } from "@/panels/prepare/outline";
import { defined } from "@/panels/prepare/read";
import { Button } from "@/ui/button";
import { Drawer } from "@/ui/drawer";
import { TextField } from "@/ui/fields";
import { KindFields } from "./kind-fields";
import { LineFields } from "./line-fields";

interface PanelDrawerProps {
  id: string | undefined;
  settings: PanelSettings | undefined;
  onChange: (id: string, next: (before: PanelSettings) => PanelSettings) => void;
  /** Goes back to how the panel is by itself. */
  onReset: (id: string) => void;
  onClose: () => void;
}

/** The settings of one panel, which changes while they do. */
export function PanelDrawer({ id, settings, onChange, onReset, onClose }: PanelDrawerProps) {
  return (
    <Drawer
      open={id !== undefined && settings !== undefined}
      onClose={onClose}
      name="panel"
      width={440}
      title={id && settings ? titleOf(id, settings) : "Panel"}
      footer={
        id !== undefined &&
        isByItself(id) && (
          <Button look="ghost" onClick={() => onReset(id)}>
            As it is by itself
          </Button>
        )
      }
    >
      {id !== undefined && settings && (
        <Fields key={id} id={id} settings={settings} onChange={(next) => onChange(id, next)} />
      )}
    </Drawer>
  );
}

/** Changes some members of settings; those that become undefined are as the page has them. */
export type Edit<K extends PanelKind> = (change: Partial<SettingsOf<K>>) => void;

function Fields({
  id,
  settings,
  onChange,
}: {
  id: string;
  settings: PanelSettings;
  onChange: (next: (before: PanelSettings) => PanelSettings) => void;
}) {
  // From what is kept and not from what is drawn, which follows a moment later: two quick changes must not undo each other.
  const edit = (change: object) => onChange((before) => defined({ ...before, ...change }) as PanelSettings);
  return (
    <div className="space-y-4 p-4">
      <label className="block text-xs text-ink-2">
        Title
        <TextField
          value={settings.title ?? ""}
          maxLength={200}
          placeholder={titleOf(id, { ...settings, title: undefined } as never)}
          onChange={(event) => edit({ title: event.target.value || undefined })}
          className="mt-1 text-ink"
        />
      </label>
      {settings.kind === "line" ? (
        <LineFields settings={settings} edit={edit} />
      ) : (
        <KindFields settings={settings} edit={edit} />
      )}
    </div>
  );
}

/** A text that is applied when the reader pauses: on Enter and on leaving the field. */
export function LazyField({
  label,
  value,
  placeholder,
  onChange,
  error,
}: {
  label: string;
  value: string | undefined;
  placeholder?: string;
  onChange: (value: string | undefined) => void;
  error?: string | undefined;
}) {
  const [text, setText] = useState(value ?? "");
  const done = () => onChange(text.trim() || undefined);
  return (
    <label className="block text-xs text-ink-2">
      {label}
      <TextField
        value={text}
        placeholder={placeholder}
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onBlur={done}
        onKeyDown={(event) => event.key === "Enter" && done()}
        aria-invalid={error !== undefined}
        className="mt-1 font-mono text-ink"
      />
      {error && (
        <span role="alert" className="mt-1 block text-bad">
          {error}
        </span>
      )}
    </label>
  );
}
