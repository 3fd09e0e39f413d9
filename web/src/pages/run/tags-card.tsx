import { Pencil, Plus, X } from "lucide-react";
import { useState } from "react";
import { updateRun } from "@/api/calls";
import { keys, renew } from "@/api/queries";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/fields";
import { notify, notifyError } from "@/ui/toast";
import { PairsCard } from "./pairs-card";

const action = "rounded-sm p-1 text-ink-3 hover:bg-hover hover:text-ink";

/** Tags, each of which can be changed or removed, and a row to add one. */
export function TagsCard({ runId, tags }: { runId: string; tags: Record<string, string> }) {
  const [editing, setEditing] = useState<string>();
  const set = async (key: string, value: string | null) => {
    try {
      // A tag without a value is removed; the type of answers knows no null.
      await updateRun(runId, { tags: { [key]: value as string } });
      await renew({ queryKey: keys.run(runId) });
      return true;
    } catch (cause) {
      notifyError(`The tag “${key}” was not ${value === null ? "removed" : "set"}`, cause);
      return false;
    }
  };
  const remove = async (key: string, value: string) => {
    if (await set(key, null)) notify(`Removed the tag “${key}”`, { label: "Undo", run: () => void set(key, value) });
  };
  return (
    <PairsCard
      title="Tags"
      pairs={tags}
      empty="The run has no tags. A tag can be filtered and grouped by."
      actions={(key, value) => (
        <>
          <button
            type="button"
            aria-label={`Change ${key}`}
            title={`Change ${key}`}
            onClick={() => setEditing(key)}
            className={action}
          >
            <Pencil className="size-3.5" />
          </button>
          <button
            type="button"
            aria-label={`Remove ${key}`}
            title={`Remove ${key}`}
            onClick={() => void remove(key, value)}
            className={action}
          >
            <X className="size-3.5" />
          </button>
        </>
      )}
      instead={(key, value) =>
        key === editing ? (
          <TagForm
            key={key}
            name={key}
            value={value}
            onCancel={() => setEditing(undefined)}
            onSave={async (_, next) => {
              const kept = await set(key, next);
              if (kept) setEditing(undefined);
              return kept;
            }}
          />
        ) : undefined
      }
    >
      {editing === "" ? (
        <TagForm onCancel={() => setEditing(undefined)} onSave={(key, value) => set(key, value)} />
      ) : (
        <div className="border-t border-line px-2 py-1">
          <Button look="ghost" onClick={() => setEditing("")}>
            <Plus />
            Add a tag
          </Button>
        </div>
      )}
    </PairsCard>
  );
}

interface TagFormProps {
  /** The key of a tag that is changed; absent to make one. */
  name?: string;
  value?: string;
  onCancel: () => void;
  onSave: (key: string, value: string) => Promise<boolean>;
}

function TagForm({ name, value = "", onCancel, onSave }: TagFormProps) {
  const [key, setKey] = useState(name ?? "");
  const [text, setText] = useState(value);
  const save = async () => {
    if (key.trim() === "" || !(await onSave(key.trim(), text)) || name !== undefined) return;
    setKey("");
    setText("");
  };
  return (
    <form
      className="grid grid-cols-[minmax(5rem,2fr)_3fr_auto_auto] items-center gap-2 border-t border-line px-3 py-2 first:border-0"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => event.key === "Escape" && onCancel()}
    >
      {name === undefined ? (
        <TextField
          aria-label="Key of the tag"
          placeholder="Key"
          autoFocus
          value={key}
          maxLength={250}
          onChange={(event) => setKey(event.target.value)}
        />
      ) : (
        <span className="truncate pl-1 text-ink-2" title={name}>
          {name}
        </span>
      )}
      <TextField
        aria-label={name === undefined ? "Value of the tag" : `Value of ${name}`}
        placeholder="Value"
        autoFocus={name !== undefined}
        value={text}
        maxLength={8000}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" look="primary" disabled={key.trim() === ""}>
        {name === undefined ? "Add" : "Save"}
      </Button>
      <Button look="ghost" aria-label="Cancel" className="w-8 px-0" onClick={onCancel}>
        <X />
      </Button>
    </form>
  );
}
