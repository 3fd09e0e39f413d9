import { useRef, useState } from "react";
import { type BulkTarget, setLifecycleOf, tagAll } from "@/api/bulk";
import type { BulkAnswer, Lifecycle } from "@/api/types";
import { formatCount, plural } from "@/state/format";
import { notify, notifyError, notifyProgress } from "@/ui/toast";
import { changeRuns } from "./change-runs";

interface Words {
  doing: string;
  done: string;
}

const lifecycleWords: Record<Lifecycle, Words> = {
  active: { doing: "Restoring", done: "Restored" },
  archived: { doing: "Archiving", done: "Archived" },
  deleted: { doing: "Deleting", done: "Deleted" },
};

/** So many runs take one call, and nobody needs to be told how far it is. */
const quick = 2000;

/** Changes many runs alike, and says what it does: how far it is, what became of it, and how it is undone. */
export function useBulk(onChanged: () => Promise<unknown>) {
  const [busy, setBusy] = useState<string>();
  const latest = useRef(onChanged);
  latest.current = onChanged;

  const run = async (
    words: Words,
    count: number,
    call: (token: string | undefined) => Promise<BulkAnswer>,
    undo?: () => void,
  ): Promise<boolean> => {
    const stop = new AbortController();
    const progress =
      count > quick
        ? notifyProgress(`${words.doing} ${plural(count, "run")}`, { label: "Stop", run: () => stop.abort() })
        : undefined;
    const far = (done: number) => `${words.doing} ${formatCount(done)} of ${plural(Math.max(count, done), "run")}`;
    setBusy(words.doing);
    try {
      const { changed, failed, why, complete } = await changeRuns(
        call,
        (done) => progress?.tell(far(done)),
        stop.signal,
      );
      if (failed > 0) notifyError(`${plural(failed, "run")} stayed as before`, why);
      const text = `${words.done} ${plural(changed, "run")}`;
      if (!complete) notify(`${text}, then stopped; the others stayed as before`);
      else if (changed > 0) notify(text, undo && { label: "Undo", run: undo });
      return changed > 0;
    } catch (cause) {
      notifyError("Not all runs were changed; the same again goes on with the others", cause);
      return false;
    } finally {
      progress?.end();
      setBusy(undefined);
      await latest.current();
    }
  };

  const setLifecycle = (target: BulkTarget, count: number, to: Lifecycle, back?: Lifecycle): Promise<boolean> => {
    const undo = back && "ids" in target ? () => void setLifecycle(target, count, back) : undefined;
    return run(lifecycleWords[to], count, (token) => setLifecycleOf(target, to, token), undo);
  };
  const tag = (target: BulkTarget, count: number, key: string, value: string | undefined): Promise<boolean> => {
    const words = value === undefined ? { doing: "Untagging", done: "Untagged" } : { doing: "Tagging", done: "Tagged" };
    return run(words, count, (token) => tagAll(target, { [key]: value ?? null }, token));
  };
  /** Does something else with the runs while nothing else may be done with them. */
  const meanwhile = async (what: string, work: () => Promise<unknown>) => {
    setBusy(what);
    await work();
    setBusy(undefined);
  };
  return { busy, setLifecycle, tag, meanwhile };
}
