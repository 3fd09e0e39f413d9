import { useEffect, useRef, useSyncExternalStore } from "react";
import { type LiveScope, type LiveState, live } from "./live";
import { client, keys, renew } from "./queries";
import { refreshImportance, refreshPanels } from "./refresh-panels";
import type { LiveChange } from "./types";

/** A page that is just being opened has other things to ask; what it missed before its stream was open can wait so long, in milliseconds. */
const afterOpening = 1500;

let catchingUp: ReturnType<typeof setTimeout> | undefined;
live.onCatchUp((away) => {
  // What is asked from now on is answered after the stream began, and misses nothing.
  const asked = new Set(
    client
      .getQueryCache()
      .getAll()
      .map(({ queryHash }) => queryHash),
  );
  clearTimeout(catchingUp);
  catchingUp = setTimeout(
    () =>
      void renew({
        // What never changes stays.
        predicate: ({ queryHash, options }) =>
          asked.has(queryHash) && (options as { staleTime?: unknown }).staleTime !== Number.POSITIVE_INFINITY,
      }),
    away ? 0 : afterOpening,
  );
});

export const useLiveState = (): LiveState => useSyncExternalStore(live.onState, live.state);

/** What changed since the last call of a handler; `all` when the server did not list it. */
export interface Changed {
  all: boolean;
  runs: Map<string, Set<string>>;
  /** Experiments of which something changed that is not of a run: their facts, what is said about them. */
  experiments: Map<string, Set<string>>;
}

const nothing = (): Changed => ({ all: false, runs: new Map(), experiments: new Map() });

/** Anything may have changed. */
export const anything = (): Changed => ({ ...nothing(), all: true });

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
    let changed = nothing();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let busy = false;
    let stopped = false;
    const flush = async () => {
      timer = undefined;
      busy = true;
      const now = changed;
      changed = nothing();
      try {
        await latest.current(now);
      } catch {
        // The queries show their own errors; the next change tries again.
      }
      busy = false;
      if (!stopped && (changed.all || changed.runs.size > 0 || changed.experiments.size > 0))
        timer = setTimeout(flush, every);
    };
    const stop = live.onChanges(({ changes, overflow }) => {
      changed.all ||= overflow;
      for (const change of changes) note(changed, change);
      if (!busy) timer ??= setTimeout(flush, every);
    });
    return () => {
      stopped = true;
      clearTimeout(timer);
      stop();
    };
  }, [text, every]);
}

function note(changed: Changed, { experimentId, runId, kinds }: LiveChange): void {
  const [things, id] = runId === "" ? [changed.experiments, experimentId] : [changed.runs, runId];
  const known = things.get(id) ?? new Set();
  for (const kind of kinds) known.add(kind);
  things.set(id, known);
}

/** Reads the drawings of changed runs again; only cards that are mounted have any. */
export const refreshFrames = (changed: Changed) =>
  renew({
    queryKey: keys.frames,
    predicate: ({ queryKey }) => {
      const asked = queryKey[1] as { runIds: string[] };
      return changed.all || asked.runIds.some((id) => changed.runs.get(id)?.has("metrics"));
    },
  });

const panelsEvery = 2000;
const importanceEvery = 30_000;
const longestPause = 60_000;

/** Work after which so long a pause follows that the server has at least three quarters of the time for others. */
const paced = (every: number, work: (changed: Changed) => Promise<unknown>) => async (changed: Changed) => {
  const start = performance.now();
  await work(changed);
  const took = performance.now() - start;
  await new Promise((resolve) => setTimeout(resolve, Math.min(longestPause, Math.max(0, 3 * took - every))));
};

/** Renews what panels draw of many runs together. */
export function useFollowPanels(scope: LiveScope): void {
  useFollow(scope, panelsEvery, paced(panelsEvery, refreshPanels));
  useFollow(scope, importanceEvery, paced(importanceEvery, refreshImportance));
}
