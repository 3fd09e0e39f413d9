import { useEffect, useMemo, useSyncExternalStore } from "react";
import { getFrames } from "@/api/calls";
import { live } from "@/api/live";
import type { Column } from "@/table/columns";
import { CurveStore } from "@/table/curves";
import type { RowSource } from "@/table/rows/row-source";

const buckets = 60;
/** Scrolling passes over rows: their curves are read where it rests. */
const rest = 120;

/** The small curves of the rows on the screen. */
export function useCurves(
  rows: RowSource,
  [first, end]: readonly [number, number],
  columns: readonly Column[],
): CurveStore {
  const store = useMemo(
    () => new CurveStore((series, signal) => getFrames({ series, axis: "step", buckets }, signal)),
    [],
  );
  useEffect(() => () => store.stop(), [store]);
  const version = useSyncExternalStore(store.subscribe, store.version);
  const keys = columns.filter(({ kind }) => kind === "curve").map(({ key }) => key);
  const shown: string[] = [];
  if (keys.length > 0)
    for (let at = first; at < Math.min(end, rows.length); at++) {
      const row = rows.row(at);
      if (row.kind === "run") shown.push(row.id);
    }
  const text = JSON.stringify([shown, keys]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what aged since the last look is wanted again
  useEffect(() => {
    const [ids, names] = JSON.parse(text) as [string[], string[]];
    if (names.length === 0) return;
    const timer = setTimeout(() => void store.want(ids, names), rest);
    return () => clearTimeout(timer);
  }, [store, text, version]);
  useEffect(() => {
    if (text.endsWith(",[]]")) return;
    const [ids, names] = JSON.parse(text) as [string[], string[]];
    return live.onChanges(({ changes, overflow }) => {
      store.age(overflow ? undefined : new Set(changes.map(({ runId }) => runId)));
      void store.want(ids, names);
    });
  }, [store, text]);
  return store;
}
