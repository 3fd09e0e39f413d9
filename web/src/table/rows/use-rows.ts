import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { passes } from "@/api/http";
import { ApiReader, type ApiRows } from "./api-reader";
import { RowSource } from "./row-source";

export interface Rows {
  /** The rows to show: those of the search before as long as nothing of the new one is known. */
  source: RowSource;
  /** The rows of the search as it is now; the same unless nothing is known of it yet. */
  next: RowSource;
}

/** Rows of a table for a search; reads only while `enabled`. */
export function useRows(rows: ApiRows, nested: boolean, enabled: boolean): Rows {
  const text = JSON.stringify({ rows, nested });
  const shown = useRef<RowSource>(undefined);
  const next = useMemo(() => {
    const asked = JSON.parse(text) as { rows: ApiRows; nested: boolean };
    const made = new RowSource(new ApiReader(asked.rows), {
      groups: asked.rows.groupBy.length,
      nested: asked.nested,
      passes,
    });
    // The same columns are on the screen: the first answer is to have them all.
    if (shown.current) made.setFields(shown.current.fields);
    return made;
  }, [text]);
  useEffect(() => {
    if (!enabled) return;
    next.start();
    return () => next.stop();
  }, [next, enabled]);
  useSyncExternalStore(next.subscribe, next.version);
  if (next.ready || !shown.current) shown.current = next;
  return { source: shown.current, next };
}
