import { useQuery } from "@tanstack/react-query";
import { Bookmark, ChevronDown, Pencil, Plus, RotateCcw, Save, Star, StarOff, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { getView } from "@/api/calls";
import { keys } from "@/api/queries";
import type { SavedView } from "@/api/types";
import { createView, deleteView, setDefaultView, updateView, useViews } from "@/api/views";
import { useAddress } from "@/state/search";
import { Button } from "@/ui/button";
import { cx } from "@/ui/classes";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/fields";
import { Menu, MenuItem, MenuLabel, MenuLine } from "@/ui/menu";
import { notify, notifyError } from "@/ui/toast";
import { readSettings } from "@/workspace/settings";
import type { Workspace } from "@/workspace/use-workspace";
import { viewOf } from "./view";
import { freeze, leaveView, strays, thaw } from "./views";

interface ViewsMenuProps {
  experimentId: string;
  workspace: Workspace;
}

const tried = (what: string, work: Promise<unknown>) => work.catch((cause) => notifyError(what, cause));

/** The views of an experiment: opens, saves, names, and chooses the one it opens with. */
export function ViewsMenu({ experimentId, workspace }: ViewsMenuProps) {
  const [address, change] = useAddress();
  const views = useViews(experimentId);
  const open = views.data?.find(({ id }) => id === address.view);
  const settings = useQuery({
    queryKey: [...keys.view(experimentId, address.view ?? ""), "raw"],
    queryFn: ({ signal }) => getView(experimentId, address.view ?? "", signal),
    enabled: viewOf(address.view) !== undefined,
  });
  const changed =
    open !== undefined && (workspace.changed || (settings.isSuccess && strays(settings.data.settings, address)));
  const [naming, setNaming] = useState<"new" | "rename">();

  const show = async (view: SavedView) => {
    const { settings: kept } = await getView(experimentId, view.id);
    change(thaw(view.id, kept));
  };
  const save = async (view: SavedView) => {
    await updateView(experimentId, view.id, {
      settings: freeze(workspace.settings, address),
      ...(settings.data ? { revision: settings.data.revision } : {}),
    });
    notify(`Saved the view ${view.name}`);
  };
  const reset = () => {
    change(thaw(open?.id ?? "", settings.data?.settings));
    workspace.replace(readSettings(settings.data?.settings));
  };
  const remove = async (view: SavedView) => {
    // First nobody looks at it any more.
    change(leaveView());
    await deleteView(experimentId, view.id);
    notify(`Deleted the view ${view.name}`);
  };
  return (
    <>
      <Menu
        align="start"
        trigger={
          <Button
            look="ghost"
            className="min-w-0 max-w-64 shrink font-normal"
            aria-label={`Views: ${open?.name ?? "none open"}`}
          >
            <Bookmark className={cx(open && "text-accent")} />
            <span className="min-w-0 truncate">{open?.name ?? "Views"}</span>
            {changed && <span title="Changed since it was saved" className="size-1.5 shrink-0 rounded-full bg-warn" />}
            <ChevronDown className="text-ink-3" />
          </Button>
        }
      >
        {(views.data?.length ?? 0) === 0 && <MenuLabel>Nothing saved yet</MenuLabel>}
        <div className="max-h-72 overflow-auto">
          {views.data?.map((view) => (
            <MenuItem key={view.id} onSelect={() => void tried("The view could not be opened", show(view))}>
              <span className={cx("min-w-0 max-w-64 grow truncate", view.id === open?.id && "font-medium text-accent")}>
                {view.name}
              </span>
              {view.isDefault && <span className="text-2xs text-ink-3">default</span>}
            </MenuItem>
          ))}
        </div>
        <MenuLine />
        {open && (
          <>
            <MenuItem disabled={!changed} onSelect={() => void tried("The view was not saved", save(open))}>
              <Save />
              Save the changes
            </MenuItem>
            <MenuItem disabled={!changed} onSelect={reset}>
              <RotateCcw />
              Back to what was saved
            </MenuItem>
          </>
        )}
        <MenuItem onSelect={() => setNaming("new")}>
          <Plus />
          Save as a new view…
        </MenuItem>
        {open && (
          <>
            <MenuItem onSelect={() => setNaming("rename")}>
              <Pencil />
              Rename…
            </MenuItem>
            <MenuItem
              onSelect={() =>
                void tried(
                  "The default was not changed",
                  setDefaultView(experimentId, open.isDefault ? undefined : open.id),
                )
              }
            >
              {open.isDefault ? <StarOff /> : <Star />}
              {open.isDefault ? "Open the experiment without it" : "Open the experiment with it"}
            </MenuItem>
            <MenuItem onSelect={() => change(leaveView())}>
              <Bookmark />
              Leave the view
            </MenuItem>
            <MenuLine />
            <MenuItem danger onSelect={() => void tried("The view was not deleted", remove(open))}>
              <Trash2 />
              Delete the view
            </MenuItem>
          </>
        )}
      </Menu>
      {naming && (
        <NameDialog
          title={naming === "new" ? "Save as a new view" : "Rename the view"}
          before={naming === "new" ? "" : (open?.name ?? "")}
          onClose={() => setNaming(undefined)}
          onName={async (name) => {
            if (naming === "rename" && open) return updateView(experimentId, open.id, { name });
            const made = await createView(experimentId, name, freeze(workspace.settings, address));
            change({ view: made.id }, true);
            notify(`Saved the view ${name}`);
          }}
        />
      )}
    </>
  );
}

function NameDialog({
  title,
  before,
  onName,
  onClose,
}: {
  title: string;
  before: string;
  onName: (name: string) => Promise<void>;
  onClose: () => void;
}) {
  const [name, setName] = useState(before);
  const [problem, setProblem] = useState("");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await onName(name.trim());
      onClose();
    } catch (cause) {
      setProblem(cause instanceof Error ? cause.message : String(cause));
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description="It keeps filter, sort, groups, columns, panels and their settings."
    >
      <form onSubmit={(event) => void submit(event)} className="space-y-3">
        <TextField
          aria-label="Name of the view"
          autoFocus
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        {problem && (
          <p role="alert" className="text-sm text-bad">
            {problem}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button look="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button look="primary" type="submit" disabled={name.trim() === ""}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
