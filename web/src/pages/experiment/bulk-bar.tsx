import { Link } from "@tanstack/react-router";
import { Archive, ChartSpline, Ellipsis, FileDown, RotateCcw, Tag, Trash2, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { updateRun } from "@/api/calls";
import type { TableSearch } from "@/api/table";
import type { Lifecycle, UpdateRun } from "@/api/types";
import { formatCount, plural } from "@/state/format";
import { encodeList } from "@/state/url";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/fields";
import { Menu, MenuItem, MenuLine } from "@/ui/menu";
import { notify, notifyError } from "@/ui/toast";
import { eachRun, idsOf } from "./each-run";
import { type ExportFormat, exportRuns } from "./export";
import { countSelected, nothingSelected, type Selection, selectionFilter } from "./selection";

interface BulkBarProps {
  search: TableSearch;
  selection: Selection;
  /** Runs that the search finds. */
  total: number;
  /** Fields of the columns that are shown, for the export. */
  fields: readonly string[];
  onSelect: (selection: Selection) => void;
  /** Runs were changed: what is shown is to be read again. */
  onChanged: () => Promise<unknown>;
}

const mostCompared = 100;
const verbs: Record<Lifecycle, string> = { active: "Restored", archived: "Archived", deleted: "Deleted" };

/** The runs of a selection, as a search: those taken one by one are found wherever they are. */
function searchOf({ search, selection }: BulkBarProps): TableSearch {
  return {
    ...search,
    filter: selectionFilter(selection, search.filter),
    lifecycle: selection.all ? search.lifecycle : "all",
  };
}

/** What can be done with the selected runs. */
export function BulkBar(props: BulkBarProps) {
  const { search, selection, total, onSelect } = props;
  const [busy, setBusy] = useState<string>();
  const [tagging, setTagging] = useState(false);
  const count = countSelected(selection, total);

  const apply = async (verb: string, work: UpdateRun, given?: readonly string[]) => {
    setBusy(verb);
    try {
      const ids = given ?? (selection.all ? await idsOf(searchOf(props)) : [...selection.ids]);
      const many = ids.length > 200;
      const result = await eachRun(
        ids,
        (id) => updateRun(id, work),
        (done) => many && done % 50 === 0 && setBusy(`${formatCount(done)} of ${formatCount(ids.length)}`),
      );
      if (result.failed.length > 0)
        notifyError(`${plural(result.failed.length, "run")} stayed as before`, result.cause);
      return result.done;
    } catch (cause) {
      notifyError("The selected runs could not be read", cause);
      return [];
    } finally {
      setBusy(undefined);
      await props.onChanged();
    }
  };
  const setLifecycle = async (to: Lifecycle, given?: readonly string[]) => {
    const done = await apply(verbs[to], { lifecycle: to }, given);
    if (done.length === 0) return;
    if (!given) onSelect(nothingSelected);
    const back = search.lifecycle === "all" ? "active" : search.lifecycle;
    notify(
      `${verbs[to]} ${plural(done.length, "run")}`,
      given ? undefined : { label: "Undo", run: () => void setLifecycle(back, done) },
    );
  };
  const tag = async (key: string, value: string | undefined) => {
    setTagging(false);
    const done = await apply("Tagging", { tags: { [key]: value ?? null } as unknown as Record<string, string> });
    if (done.length > 0) notify(`${value === undefined ? "Untagged" : "Tagged"} ${plural(done.length, "run")}`);
  };
  const download = async (format: ExportFormat) => {
    setBusy("Exporting");
    await exportRuns(searchOf(props), props.fields, format);
    setBusy(undefined);
  };

  return (
    <div className="flex min-h-8 min-w-0 flex-wrap items-center gap-1.5">
      <span className="num mr-1 whitespace-nowrap font-medium" aria-live="polite">
        {busy ?? `${formatCount(count)} selected`}
      </span>
      <CompareLink selection={selection} count={count} />
      <Button disabled={busy !== undefined} onClick={() => setTagging(true)} className="max-sm:hidden">
        <Tag />
        Tag
      </Button>
      {search.lifecycle !== "active" && (
        <Button disabled={busy !== undefined} onClick={() => void setLifecycle("active")}>
          <RotateCcw />
          Restore
        </Button>
      )}
      {search.lifecycle !== "deleted" && (
        <Button disabled={busy !== undefined} onClick={() => void setLifecycle("deleted")}>
          <Trash2 />
          Delete
        </Button>
      )}
      <Menu
        trigger={
          <Button
            look="ghost"
            aria-label="More for the selected runs"
            disabled={busy !== undefined}
            className="w-8 px-0"
          >
            <Ellipsis />
          </Button>
        }
      >
        {search.lifecycle === "active" && (
          <MenuItem onSelect={() => void setLifecycle("archived")}>
            <Archive />
            Archive
          </MenuItem>
        )}
        <MenuItem onSelect={() => setTagging(true)}>
          <Tag />
          Tag…
        </MenuItem>
        <MenuLine />
        <MenuItem onSelect={() => void download("csv")}>
          <FileDown />
          Export as CSV
        </MenuItem>
        <MenuItem onSelect={() => void download("parquet")}>
          <FileDown />
          Export as Parquet
        </MenuItem>
      </Menu>
      <IconButton label="Select none" onClick={() => onSelect(nothingSelected)}>
        <X />
      </IconButton>
      {tagging && (
        <TagDialog count={count} onClose={() => setTagging(false)} onTag={(key, value) => void tag(key, value)} />
      )}
    </div>
  );
}

function CompareLink({ selection, count }: { selection: Selection; count: number }) {
  if (selection.all || count < 2)
    return (
      <Button
        disabled
        title={
          selection.all
            ? `Up to ${mostCompared} runs, selected one by one, can be compared`
            : "Select at least two runs"
        }
      >
        <ChartSpline />
        Compare
      </Button>
    );
  return (
    <Link
      to="/compare"
      search={{ runs: encodeList([...selection.ids]) } as never}
      className="inline-flex h-8 items-center gap-1.5 rounded-md bg-accent px-2.5 text-sm font-medium text-on-accent transition-colors hover:bg-accent-hover"
    >
      <ChartSpline className="size-4" />
      Compare
    </Link>
  );
}

function TagDialog({
  count,
  onTag,
  onClose,
}: {
  count: number;
  onTag: (key: string, value: string | undefined) => void;
  onClose: () => void;
}) {
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onTag(key.trim(), value);
  };
  return (
    <Dialog open onClose={onClose} title={`Tag ${plural(count, "run")}`}>
      <form onSubmit={submit} className="space-y-3">
        <TextField
          aria-label="Tag"
          placeholder="Tag"
          autoFocus
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
        <TextField
          aria-label="Value"
          placeholder="Value"
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
        <div className="flex justify-end gap-2">
          <Button look="ghost" disabled={key.trim() === ""} onClick={() => onTag(key.trim(), undefined)}>
            Remove the tag
          </Button>
          <Button look="primary" type="submit" disabled={key.trim() === ""}>
            Set the tag
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
