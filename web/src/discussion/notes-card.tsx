import { useState } from "react";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Markdown } from "@/ui/markdown";
import { MarkdownEditor } from "@/ui/markdown-editor";
import { notifyError } from "@/ui/toast";

interface NotesCardProps {
  notes: string;
  /** What stands there as long as nobody wrote anything: what notes are good for. */
  empty: string;
  /** Keeps the text. */
  onSave: (text: string) => Promise<unknown>;
}

/** Notes in Markdown. */
export function NotesCard({ notes, empty, onSave }: NotesCardProps) {
  const [editing, setEditing] = useState(false);
  const save = async (text: string) => {
    try {
      await onSave(text);
      setEditing(false);
      return true;
    } catch (cause) {
      notifyError("The notes were not saved; your text is still here", cause);
      return false;
    }
  };
  return (
    <Card
      title="Notes"
      aside={
        !editing && (
          <Button look="ghost" className="-mr-2 h-7" onClick={() => setEditing(true)}>
            {notes === "" ? "Write" : "Edit"}
          </Button>
        )
      }
    >
      {editing ? (
        <div className="p-3">
          <MarkdownEditor
            label="Notes in Markdown"
            text={notes}
            save="Save"
            onSave={save}
            onCancel={() => setEditing(false)}
            mayBeEmpty
            tall
          />
        </div>
      ) : notes === "" ? (
        <p className="px-4 py-3 text-ink-3">{empty}</p>
      ) : (
        <div className="px-4 py-3">
          <Markdown text={notes} />
        </div>
      )}
    </Card>
  );
}
