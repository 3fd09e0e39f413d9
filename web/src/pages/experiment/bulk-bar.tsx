import { Link } from "@tanstack/react-router";
import { Archive, ChartSpline, Ellipsis, FileDown, RotateCcw, Tag, Trash2, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { TableSearch } from "@/api/table";
import type { Lifecycle } from "@/api/types";
import { formatCount, plural } from "@/state/format";
import { encodeList } from "@/state/url";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/fields";
import { Menu, MenuItem, MenuLine } from "@/ui/menu";
import { type ExportFormat, exportRuns } from "./export";
import { countSelected, nothingSelected, type Selection, selectionFilter } from "./selection";
import { useBulk } from "./use-bulk";

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
  const [asking, setAsking] = useState<"tag" | "delete">();
  const bulk = useBulk(props.onChanged);
  const { busy } = bulk;
  const count = countSelected(selection, total);
  const target = selection.all ? { search: searchOf(props) } : { ids: [...selection.ids] };

  const setLifecycle = async (to: Lifecycle) => {
    setAsking(undefined);
    const back = search.lifecycle === "all" ? "active" : search.lifecycle;
    if (await bulk.setLifecycle(target, count, to, back)) onSelect(nothingSelected);
  };
  // What is selected one by one is few and can be undone; all that match are not all seen by who deletes them.
  const remove = () => (selection.all ? setAsking("delete") : void setLifecycle("deleted"));
  const download = (format: ExportFormat) =>
    bulk.meanwhile("Exporting", () => exportRuns(searchOf(props), props.fields, format));

  return (
    <div className="flex min-h-8 min-w-0 flex-wrap items-center gap-1.5">
      <span className="num mr-1 whitespace-nowrap font-medium" aria-live="polite">
        {busy ?? `${formatCount(count)} selected`}
      </span>
      <CompareLink selection={selection} count={count} />
      <Button disabled={busy !== undefined} onClick={() => setAsking("tag")} className="max-sm:hidden">
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
        <Button disabled={busy !== undefined} onClick={remove}>
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
        <MenuItem onSelect={() => setAsking("tag")}>
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
      {asking === "tag" && (
        <TagDialog
          count={count}
          onClose={() => setAsking(undefined)}
          onTag={(key, value) => {
            setAsking(undefined);
            void bulk.tag(target, count, key, value);
          }}
        />
      )}
      {asking === "delete" && (
        <DeleteDialog
          count={count}
          onClose={() => setAsking(undefined)}
          onDelete={() => void setLifecycle("deleted")}
        />
      )}
    </div>
  );
}

function CompareLink({ selection, count }: { selection: Selection; count: number }) {
  if (selection.all || count < 2)
    return (
      <Button
        disabled
        className="max-sm:hidden"
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

function DeleteDialog({ count, onDelete, onClose }: { count: number; onDelete: () => void; onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Delete ${plural(count, "run")}?`}
      description="All runs that match are deleted, seen or not. They leave every list and chart; the settings of the table show deleted runs, where they can be restored."
    >
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="danger" onClick={onDelete}>
          <Trash2 />
          Delete {plural(count, "run")}
        </Button>
      </div>
    </Dialog>
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
