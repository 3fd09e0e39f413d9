import { Link } from "@tanstack/react-router";
import { Archive, CornerDownRight, Ellipsis, Pencil, RotateCcw, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { updateRun } from "@/api/calls";
import { keys, renew, useRun } from "@/api/queries";
import type { RunDetails, UpdateRun } from "@/api/types";
import { shorten } from "@/state/format";
import { CopyButton } from "@/ui/copy";
import { TextField } from "@/ui/fields";
import { Menu, MenuItem } from "@/ui/menu";
import { StarButton } from "@/ui/star";
import { Status } from "@/ui/status";
import { Ago, Duration } from "@/ui/time";
import { notify, notifyError } from "@/ui/toast";

export function RunHeader({ details }: { details: RunDetails }) {
  const { info } = details.run;
  const [editing, setEditing] = useState(false);
  const parent = useRun(info.parentId);
  const save = async (change: UpdateRun, done?: string) => {
    try {
      await updateRun(info.id, change);
      await renew({ queryKey: keys.run(info.id) });
      if (done) notify(done);
    } catch (cause) {
      notifyError("The run was not changed", cause);
    }
  };
  return (
    <header className="px-4 pt-5 pb-3 sm:px-6">
      <div className="flex min-h-8 items-center gap-2">
        {editing ? (
          <NameField
            name={info.name}
            onDone={(name) => {
              setEditing(false);
              if (name !== undefined && name !== info.name) void save({ name });
            }}
          />
        ) : (
          <>
            <h1 className="min-w-0 truncate text-xl font-semibold tracking-tight" title={info.name}>
              {info.name}
            </h1>
            <button
              type="button"
              aria-label="Edit the name"
              onClick={() => setEditing(true)}
              className="grid size-7 shrink-0 place-items-center rounded-md text-ink-3 hover:bg-hover hover:text-ink"
            >
              <Pencil className="size-3.5" />
            </button>
            <StarButton kind="run" id={info.id} name={info.name} />
          </>
        )}
        <span className="grow" />
        <Menu
          trigger={
            <button
              type="button"
              aria-label="Actions for this run"
              className="grid size-8 shrink-0 place-items-center rounded-md text-ink-2 hover:bg-hover hover:text-ink aria-expanded:bg-hover"
            >
              <Ellipsis className="size-4" />
            </button>
          }
        >
          {info.lifecycle !== "active" && (
            <MenuItem onSelect={() => void save({ lifecycle: "active" }, "Restored the run")}>
              <RotateCcw />
              Restore
            </MenuItem>
          )}
          {info.lifecycle === "active" && (
            <MenuItem onSelect={() => void save({ lifecycle: "archived" }, "Archived the run; its menu restores it")}>
              <Archive />
              Archive
            </MenuItem>
          )}
          {info.lifecycle !== "deleted" && (
            <MenuItem
              danger
              onSelect={() => void save({ lifecycle: "deleted" }, "Deleted the run; its menu restores it")}
            >
              <Trash2 />
              Delete
            </MenuItem>
          )}
        </Menu>
      </div>
      {info.lifecycle !== "active" && (
        <p className="mt-2 w-fit rounded-md bg-warn-soft px-2 py-1 text-xs font-medium text-warn">
          This run is {info.lifecycle}. Its menu restores it.
        </p>
      )}
      <dl className="mt-2 flex flex-wrap items-center gap-x-5 gap-y-1 text-ink-2">
        <Fact name="Status" hidden>
          <Status status={info.status} className="font-medium" />
        </Fact>
        <Fact name="Duration">
          <Duration run={info} />
        </Fact>
        <Fact name="Started">
          <Ago time={info.startTime} />
        </Fact>
        {info.user && <Fact name="User">{info.user}</Fact>}
        {info.parentId && (
          <Fact name="Nested in">
            <Link
              to="/runs/$runId"
              params={{ runId: info.parentId }}
              title={info.parentId}
              className="inline-flex items-center gap-1 rounded-sm hover:text-accent"
            >
              <CornerDownRight className="size-3.5 text-ink-3" />
              {parent.data?.run.info.name ?? shorten(info.parentId, 12)}
            </Link>
          </Fact>
        )}
        <Fact name="Id">
          <CopyButton text={info.id} label="Copy the run id" className="-ml-1">
            {shorten(info.id, 12)}
          </CopyButton>
        </Fact>
      </dl>
    </header>
  );
}

const Fact = ({ name, hidden = false, children }: { name: string; hidden?: boolean; children: ReactNode }) => (
  <div className="flex items-center gap-1.5">
    <dt className={hidden ? "sr-only" : "text-ink-3"}>{name}</dt>
    <dd className="text-ink">{children}</dd>
  </div>
);

function NameField({ name, onDone }: { name: string; onDone: (name: string | undefined) => void }) {
  const [text, setText] = useState(name);
  return (
    <TextField
      aria-label="Name of the run"
      autoFocus
      value={text}
      maxLength={500}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => onDone(text.trim() || undefined)}
      onKeyDown={(event) => {
        if (event.key === "Enter") onDone(text.trim() || undefined);
        else if (event.key === "Escape") onDone(undefined);
      }}
      className="max-w-xl font-semibold"
    />
  );
}
