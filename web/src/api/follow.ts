import { useEffect, useRef, useSyncExternalStore } from "react";
import { searchRuns } from "./calls";
import { type LiveScope, type LiveState, live } from "./live";
import { client, keys, type RunPages, type RunsQuery, runsKey, searchPage } from "./queries";
import type { LiveChange, RunRow } from "./types";

// What never changes stays; an answer that is still on its way was asked for late enough.
live.onCatchUp(
  () =>
    void client.invalidateQueries({
      predicate: ({ state, options }) =>
        state.dataUpdatedAt > 0 && (options as { staleTime?: unknown }).staleTime !== Number.POSITIVE_INFINITY,
    }),
);

export const useLiveState = (): LiveState => useSyncExternalStore(live.onState, live.state);

/** What changed since the last call of a handler; `all` when the server did not list it. */
export interface Changed {
  all: boolean;
  runs: Map<string, Set<string>>;
}

/**
 * Calls a handler with what changed, at most once in `every` milliseconds and never while its last call is still under way: a fast
 * run cannot make the page ask more often than it can be answered.
 */
export function useFollow(scope: LiveScope, every: number, handler: (changed: Changed) => Promise<unknown>): void {
  const latest = useRef(handler);
  latest.current = handler;
  const text = JSON.stringify(scope);
  useEffect(() => {
    live.follow(JSON.parse(text) as LiveScope);
    let changed: Changed = { all: false, runs: new Map() };
    let timer: ReturnType<typeof setTimeout> | undefined;
    let busy = false;
    let stopped = false;
    const flush = async () => {
      timer = undefined;
      busy = true;
      const now = changed;
      changed = { all: false, runs: new Map() };
      try {
        await latest.current(now);
      } catch {
        // The queries show their own errors; the next change tries again.
      }
      busy = false;
      if (!stopped && (changed.all || changed.runs.size > 0)) timer = setTimeout(flush, every);
    };
    const stop = live.onChanges(({ changes, overflow }) => {
      changed.all ||= overflow;
      for (const change of changes) note(changed.runs, change);
      if (!busy) timer ??= setTimeout(flush, every);
    });
    return () => {
      stopped = true;
      clearTimeout(timer);
      stop();
    };
  }, [text, every]);
}

function note(runs: Changed["runs"], { runId, kinds }: LiveChange): void {
  const known = runs.get(runId) ?? new Set();
  for (const kind of kinds) known.add(kind);
  runs.set(runId, known);
}

/** Reads the drawings of changed runs again; only cards that are mounted have any. */
export const refreshFrames = (changed: Changed) =>
  client.invalidateQueries({
    queryKey: keys.frames,
    predicate: ({ queryKey }) => {
      const asked = queryKey[1] as { runIds: string[] };
      return changed.all || asked.runIds.some((id) => changed.runs.get(id)?.has("metrics"));
    },
  });

/** Reads only the changed rows of a table again, and its first page when there may be new ones. */
export async function refreshRows(query: RunsQuery, changed: Changed): Promise<void> {
  const key = runsKey(query);
  const shown = client.getQueryData<RunPages>(key);
  if (!shown) return;
  if (changed.all) {
    await client.invalidateQueries({ queryKey: key });
    return;
  }
  const loaded = new Set(shown.pages.flatMap((page) => page.runs.map((row) => row.info.id)));
  const known = [...changed.runs.keys()].filter((id) => loaded.has(id));
  const isNew = known.length < changed.runs.size;
  const [rows, first] = await Promise.all([readRows(query, known), isNew ? searchPage(query, "") : undefined]);
  client.setQueryData<RunPages>(key, (pages) => pages && mergeRows(pages, rows, first?.runs, first?.total));
}

async function readRows(query: RunsQuery, ids: string[]): Promise<RunRow[]> {
  if (ids.length === 0) return [];
  const filter = `run_id in (${ids.map((id) => `"${id}"`).join(", ")})`;
  return (
    await searchRuns({
      experimentIds: [query.experimentId],
      filter,
      lifecycle: "all",
      limit: 1000,
      columns: query.columns,
    })
  ).runs;
}

/** Loaded pages with newer rows in their places; a newer first page comes before everything it does not hold. */
export function mergeRows(
  pages: RunPages,
  rows: readonly RunRow[],
  first?: readonly RunRow[],
  total?: number,
): RunPages {
  const newer = new Map(rows.map((row) => [row.info.id, row]));
  const patched = pages.pages.map((page) => ({ ...page, runs: page.runs.map((row) => newer.get(row.info.id) ?? row) }));
  if (!first) return { ...pages, pages: patched };
  const inFirst = new Set(first.map((row) => row.info.id));
  return {
    ...pages,
    pages: patched.map((page, index) => {
      const rest = page.runs.filter((row) => !inFirst.has(row.info.id));
      return index === 0
        ? { ...page, runs: [...first, ...rest], ...(total === undefined ? {} : { total }) }
        : { ...page, runs: rest };
    }),
  };
}
