import { useState } from "react";
import { Button } from "./button";

interface MarkdownEditorProps {
  label: string;
  /** What stands in the field at first. */
  text: string;
  save: string;
  /** Keeps the text; while it fails what was written stays. Answers whether it was kept. */
  onSave: (text: string) => Promise<boolean>;
  onCancel?: () => void;
  placeholder?: string;
  /** Whether an empty text may be kept. */
  mayBeEmpty?: boolean;
  tall?: boolean;
}

/** Writes Markdown; what is being written survives a failed save. */
export function MarkdownEditor(props: MarkdownEditorProps) {
  const [draft, setDraft] = useState(props.text);
  const [busy, setBusy] = useState(false);
  const ready = !busy && (props.mayBeEmpty || draft.trim() !== "");
  const save = async () => {
    if (!ready) return;
    setBusy(true);
    if ((await props.onSave(draft)) && !props.onCancel) setDraft("");
    setBusy(false);
  };
  return (
    <div>
      <textarea
        aria-label={props.label}
        // biome-ignore lint/a11y/noAutofocus: the reader asked to edit
        autoFocus={props.onCancel !== undefined}
        value={draft}
        maxLength={65_536}
        placeholder={props.placeholder}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void save();
          else if (event.key === "Escape") props.onCancel?.();
        }}
        className={`block w-full resize-y rounded-md border border-line-strong bg-surface p-2.5 font-mono text-xs leading-5 placeholder:text-ink-3 focus:border-accent focus:outline-2 focus:-outline-offset-1 focus:outline-accent ${props.tall ? "h-48" : "h-20"}`}
      />
      <div className="mt-2 flex items-center justify-end gap-2">
        <span className="mr-auto text-xs text-ink-3">Markdown · Ctrl Enter saves</span>
        {props.onCancel && <Button onClick={props.onCancel}>Cancel</Button>}
        <Button look="primary" disabled={!ready} onClick={() => void save()}>
          {props.save}
        </Button>
      </div>
    </div>
  );
}
