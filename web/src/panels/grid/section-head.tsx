import { ChevronDown, Ellipsis, Eye, MoveDown, MoveUp, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { isOwnSection } from "@/panels/prepare/arrangement";
import type { Section } from "@/panels/prepare/outline";
import { formatCount, plural } from "@/state/format";
import { IconButton } from "@/ui/button";
import { cx } from "@/ui/classes";
import { TextField } from "@/ui/fields";
import { Menu, MenuItem, MenuLine } from "@/ui/menu";

export interface SectionActions {
  toggle: (id: string) => void;
  rename: (id: string, name: string) => void;
  move: (id: string, by: number) => void;
  add: (id: string) => void;
  show: (id: string) => void;
  remove: (id: string) => void;
}

/** The line above the panels of a section: opens and closes it, and says how many there are. */
export function SectionHead({
  section,
  actions,
  fixed,
}: {
  section: Section;
  actions: SectionActions;
  fixed: boolean;
}) {
  const [renaming, setRenaming] = useState(false);
  const { id, name, closed, panels, hidden, without = 0 } = section;
  return (
    <div className="group/head flex h-full items-center gap-1">
      {renaming ? (
        <RenameField
          name={name}
          onDone={(next) => {
            setRenaming(false);
            if (next !== undefined) actions.rename(id, next);
          }}
        />
      ) : (
        <button
          type="button"
          aria-expanded={!closed}
          onClick={() => actions.toggle(id)}
          className="-ml-1 flex min-w-0 items-center gap-1.5 rounded-sm px-1 py-0.5 text-sm font-medium text-ink-2 hover:text-ink"
        >
          <ChevronDown className={cx("size-4 shrink-0 transition-transform", closed && "-rotate-90")} />
          <span className="truncate">{name}</span>
          <span className="num shrink-0 text-xs font-normal text-ink-3">{formatCount(panels.length)}</span>
        </button>
      )}
      {hidden.length > 0 && (
        <button
          type="button"
          onClick={() => actions.show(id)}
          className="shrink-0 rounded-sm px-1 text-xs text-ink-3 hover:text-ink hover:underline"
        >
          {plural(hidden.length, "hidden panel")}
        </button>
      )}
      {without > 0 && (
        <span className="num min-w-0 truncate text-xs text-ink-3">
          {plural(without, "more key")} can be added as panels
        </span>
      )}
      {!fixed && (
        <span className="opacity-0 transition-opacity group-focus-within/head:opacity-100 group-hover/head:opacity-100 has-[[aria-expanded=true]]:opacity-100 pointer-coarse:opacity-100">
          <Menu
            align="start"
            trigger={
              <IconButton label={`Section ${name}`} className="h-7 w-7">
                <Ellipsis />
              </IconButton>
            }
          >
            <MenuItem onSelect={() => actions.add(id)}>
              <Plus /> Add a panel
            </MenuItem>
            <MenuItem onSelect={() => setTimeout(() => setRenaming(true))}>
              <Pencil /> Rename
            </MenuItem>
            <MenuItem onSelect={() => actions.move(id, -1)}>
              <MoveUp /> Move up
            </MenuItem>
            <MenuItem onSelect={() => actions.move(id, 1)}>
              <MoveDown /> Move down
            </MenuItem>
            {hidden.length > 0 && (
              <MenuItem onSelect={() => actions.show(id)}>
                <Eye /> Show {plural(hidden.length, "hidden panel")}
              </MenuItem>
            )}
            {isOwnSection(id) && (
              <>
                <MenuLine />
                <MenuItem danger onSelect={() => actions.remove(id)}>
                  <Trash2 /> Remove, panels go back
                </MenuItem>
              </>
            )}
          </Menu>
        </span>
      )}
    </div>
  );
}

/** Enter and leaving the field keep the name, Esc does not. */
function RenameField({ name, onDone }: { name: string; onDone: (name: string | undefined) => void }) {
  const [text, setText] = useState(name);
  return (
    <TextField
      ref={(field) => {
        // The menu that was open gives the focus back to its button a moment later.
        if (field) setTimeout(() => field.focus());
      }}
      aria-label="Name of the section"
      value={text}
      maxLength={200}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => onDone(text.trim() || undefined)}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
        else if (event.key === "Escape") {
          event.stopPropagation();
          onDone(undefined);
        }
      }}
      className="h-7 max-w-64"
    />
  );
}
