import { Group, Plus, X } from "lucide-react";
import { useState } from "react";
import type { KeyList } from "@/api/types";
import { type Column, columnOf } from "@/table/columns";
import { Button } from "@/ui/button";
import { SearchField } from "@/ui/fields";
import { Popover } from "@/ui/popover";
import { mostGroupings } from "./view";

const most = 100;

/** Chooses the columns by which runs are put together, the outermost first. */
export function GroupMenu({
  groupBy,
  keys,
  onChange,
}: {
  groupBy: readonly Column[];
  keys: KeyList | undefined;
  onChange: (ids: readonly string[]) => void;
}) {
  const [text, setText] = useState("");
  const ids = groupBy.map(({ id }) => id);
  const wanted = text.trim().toLowerCase();
  const all = [
    "status",
    "user",
    "name",
    ...(keys?.params ?? []).map((key) => `params.${key}`),
    ...(keys?.tags ?? []).map((key) => `tags.${key}`),
  ];
  const found = all.filter((id) => !ids.includes(id) && (wanted === "" || id.toLowerCase().includes(wanted)));
  return (
    <Popover
      label="Group by"
      className="w-72"
      trigger={
        <Button className={ids.length > 0 ? "text-accent" : ""}>
          <Group />
          <span className={ids.length === 0 ? "max-sm:sr-only" : "max-w-48 truncate"}>
            {ids.length === 0 ? "Group" : groupBy.map(({ title }) => title).join(" › ")}
          </span>
        </Button>
      }
    >
      <div className="p-2">
        <SearchField label="Search params and tags" value={text} onChange={setText} />
      </div>
      <div className="min-h-0 overflow-auto px-2 pb-2">
        {groupBy.map(({ id, title }, level) => (
          <div key={id} className="flex h-8 items-center gap-2 rounded-md px-1.5">
            <span className="num w-4 text-2xs text-ink-3">{level + 1}</span>
            <span className="min-w-0 grow truncate font-medium">{title}</span>
            <button
              type="button"
              aria-label={`Group no longer by ${title}`}
              onClick={() => onChange(ids.filter((one) => one !== id))}
              className="grid size-6 place-items-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink"
            >
              <X className="size-3.5" />
            </button>
          </div>
        ))}
        {ids.length > 0 && <div className="my-1 h-px bg-line" />}
        {found.slice(0, most).map((id) => (
          <button
            key={id}
            type="button"
            disabled={ids.length >= mostGroupings}
            onClick={() => onChange([...ids, id])}
            className="flex h-8 w-full items-center gap-2 rounded-md px-1.5 text-left hover:bg-hover disabled:opacity-50"
          >
            <Plus className="size-3.5 text-ink-3" />
            <span className="min-w-0 truncate">{columnOf(id)?.kind === "attribute" ? columnOf(id)?.title : id}</span>
          </button>
        ))}
        {found.length === 0 && <p className="px-1.5 py-2 text-xs text-ink-3">Nothing else has that in its name.</p>}
        {found.length > most && (
          <p className="px-1.5 py-2 text-xs text-ink-3">And {found.length - most} more: search to find them.</p>
        )}
      </div>
    </Popover>
  );
}
