import { useState } from "react";
import { updateRun } from "@/api/calls";
import { client, keys } from "@/api/queries";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Markdown } from "@/ui/markdown";
import { notifyError } from "@/ui/toast";

/** Notes in Markdown; what is being written survives a failed save. */
export function NotesCard({ runId, notes }: { runId: string; notes: string }) {
  const [draft, setDraft] = useState<string>();
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      await updateRun(runId, { notes: draft ?? "" });
      await client.invalidateQueries({ queryKey: keys.run(runId) });
      setDraft(undefined);
    } catch (cause) {
      notifyError("The notes were not saved; your text is still here", cause);
    }
    setBusy(false);
  };
  return (
    <Card
      title="Notes"
      aside={
        draft === undefined && (
          <Button look="ghost" className="-mr-2 h-7" onClick={() => setDraft(notes)}>
            {notes === "" ? "Write" : "Edit"}
          </Button>
        )
      }
    >
      {draft !== undefined ? (
        <div className="p-3">
          <textarea
            aria-label="Notes in Markdown"
            // biome-ignore lint/a11y/noAutofocus: the reader asked to edit
            autoFocus
            value={draft}
            onChange={(event) => setDraft(event.target.value)}
            onKeyDown={(event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && void save()}
            className="block h-48 w-full resize-y rounded-md border border-line-strong bg-surface p-2.5 font-mono text-xs leading-5 focus:border-accent focus:outline-2 focus:-outline-offset-1 focus:outline-accent"
          />
          <div className="mt-2 flex items-center justify-end gap-2">
            <span className="mr-auto text-xs text-ink-3">Markdown · Ctrl Enter saves</span>
            <Button onClick={() => setDraft(undefined)}>Cancel</Button>
            <Button look="primary" disabled={busy} onClick={() => void save()}>
              Save
            </Button>
          </div>
        </div>
      ) : notes === "" ? (
        <p className="px-4 py-3 text-ink-3">What was tried, and what came out of it?</p>
      ) : (
        <div className="px-4 py-3">
          <Markdown text={notes} />
        </div>
      )}
    </Card>
  );
}
