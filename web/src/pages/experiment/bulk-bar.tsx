import { Link } from "@tanstack/react-router";
import { ChartSpline, RotateCcw, Trash2, X } from "lucide-react";
import { useState } from "react";
import { updateRun } from "@/api/calls";
import { client, keys } from "@/api/queries";
import type { Lifecycle } from "@/api/types";
import { plural } from "@/state/format";
import { encodeList } from "@/state/url";
import { Button, IconButton } from "@/ui/button";
import { notify, notifyError } from "@/ui/toast";

interface BulkBarProps {
  experimentId: string;
  selected: string[];
  lifecycle: Lifecycle;
  onSelect: (ids: string[]) => void;
}

const atOnce = 6;

/** Changes runs a few at a time; answers with those that could not be changed. */
async function setLifecycle(
  ids: readonly string[],
  lifecycle: Lifecycle,
): Promise<{ failed: string[]; cause: unknown }> {
  const failed: string[] = [];
  let cause: unknown;
  for (let at = 0; at < ids.length; at += atOnce) {
    const some = ids.slice(at, at + atOnce);
    const results = await Promise.allSettled(some.map((id) => updateRun(id, { lifecycle })));
    results.forEach((result, index) => {
      if (result.status === "fulfilled") return;
      failed.push(some[index] as string);
      cause = result.reason;
    });
  }
  return { failed, cause };
}

/** What can be done with the selected runs. */
export function BulkBar({ experimentId, selected, lifecycle, onSelect }: BulkBarProps) {
  const [busy, setBusy] = useState(false);
  const change = async (ids: string[], to: Lifecycle, undo: boolean) => {
    setBusy(true);
    const { failed, cause } = await setLifecycle(ids, to);
    setBusy(false);
    onSelect(failed);
    await client.invalidateQueries({ queryKey: keys.runs(experimentId) });
    const done = ids.filter((id) => !failed.includes(id));
    const verb = to === "deleted" ? "Deleted" : "Restored";
    if (done.length > 0)
      notify(
        `${verb} ${plural(done.length, "run")}`,
        undo
          ? { label: "Undo", run: () => void change(done, to === "deleted" ? "active" : "deleted", false) }
          : undefined,
      );
    if (failed.length > 0) notifyError(`${plural(failed.length, "run")} stayed as before`, cause);
  };
  return (
    <div className="flex h-8 min-w-0 items-center gap-1.5">
      <span className="num mr-1 whitespace-nowrap font-medium">{selected.length} selected</span>
      {selected.length > 1 ? (
        <Link
          to="/compare"
          search={{ runs: encodeList(selected) } as never}
          className="inline-flex h-8 items-center gap-1.5 rounded-md bg-accent px-2.5 text-sm font-medium text-on-accent transition-colors hover:bg-accent-hover"
        >
          <ChartSpline className="size-4" />
          Compare
        </Link>
      ) : (
        <Button disabled title="Select at least two runs">
          <ChartSpline />
          Compare
        </Button>
      )}
      {lifecycle === "active" ? (
        <Button disabled={busy} onClick={() => void change(selected, "deleted", true)}>
          <Trash2 />
          Delete
        </Button>
      ) : (
        <Button disabled={busy} onClick={() => void change(selected, "active", true)}>
          <RotateCcw />
          Restore
        </Button>
      )}
      <IconButton label="Select none" onClick={() => onSelect([])}>
        <X />
      </IconButton>
    </div>
  );
}
