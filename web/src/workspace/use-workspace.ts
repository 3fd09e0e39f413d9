import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { getView, getWorkspace, setWorkspace } from "@/api/calls";
import { passes } from "@/api/http";
import { client, keys } from "@/api/queries";
import { notifyError } from "@/ui/toast";
import { Saver } from "./saver";
import {
  noSettings,
  ofView,
  type Part,
  type PartName,
  readSettings,
  type Settings,
  sameSettings,
  withPart,
} from "./settings";

export interface WorkspacePart {
  /** What the part keeps; undefined as long as nothing was changed. */
  value: Part | undefined;
  /** Keeps something else; undefined goes back to how the page is by itself. Does nothing until the workspace was read. */
  set: (next: Part | undefined | ((before: Part | undefined) => Part | undefined)) => void;
}

export interface Workspace {
  /** Whether it is known how the page is arranged; draw only then, so that nothing jumps. */
  ready: boolean;
  /** Whether the person has arranged nothing yet, so that the experiment's default view may be opened. */
  untouched: boolean;
  /** All parts, as a saved view keeps them. */
  settings: Settings;
  /** Whether an open view was changed since it was saved. */
  changed: boolean;
  part: (name: PartName) => WorkspacePart;
  /** Arranges the whole page: as an open view was saved, for example. */
  replace: (settings: Settings) => void;
}

const savers = new Map<string, Saver<Settings>>();

function saverOf(experimentId: string): Saver<Settings> {
  const known = savers.get(experimentId);
  if (known) return known;
  const made = new Saver<Settings>(
    (settings, last) => setWorkspace(experimentId, settings, last),
    (cause) => {
      if (passes(cause)) return true;
      notifyError("The arrangement of this page could not be kept", cause);
      return false;
    },
  );
  savers.set(experimentId, made);
  return made;
}

window.addEventListener("pagehide", () => {
  for (const saver of savers.values()) saver.flush();
});

/**
 * How the page of an experiment is arranged: as its person left it, kept on the server half a second after each change. With a view that is open, as that was
 * saved, or as it was changed since; changing something then takes the place of what was left before.
 */
export function useWorkspace(experimentId: string, viewId?: string): Workspace {
  const key = keys.workspace(experimentId);
  const left = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      saverOf(experimentId).read(async () => {
        const stored = await getWorkspace(experimentId, signal);
        return stored ? readSettings(stored.settings) : null;
      }),
  });
  const view = useQuery({
    queryKey: keys.view(experimentId, viewId ?? ""),
    queryFn: async ({ signal }) => readSettings((await getView(experimentId, viewId ?? "", signal)).settings),
    enabled: viewId !== undefined,
  });

  const ready = left.data !== undefined && (viewId === undefined || view.data !== undefined || view.isError);
  const saved = viewId === undefined ? undefined : view.data;
  const settings = arrangement(left.data, saved, viewId);

  const change = useCallback(
    (next: (before: Settings) => Settings) => {
      const stored = client.getQueryData<Settings | null>(keys.workspace(experimentId));
      if (stored === undefined) return;
      const open = viewId && client.getQueryData<Settings>(keys.view(experimentId, viewId));
      const changed = ofView(next(arrangement(stored, open || undefined, viewId)), viewId);
      client.setQueryData(keys.workspace(experimentId), changed);
      saverOf(experimentId).set(changed);
    },
    [experimentId, viewId],
  );
  const setters = useMemo(() => {
    const setter =
      (name: PartName): WorkspacePart["set"] =>
      (next) =>
        change((before) => withPart(before, name, typeof next === "function" ? next(before[name]) : next));
    return { table: setter("table"), panels: setter("panels"), run: setter("run") };
  }, [change]);
  const replace = useCallback((next: Settings) => change(() => next), [change]);
  return {
    ready,
    untouched: left.data === null,
    settings,
    changed: saved !== undefined && !sameSettings(settings, saved),
    part: (name) => ({ value: settings[name], set: setters[name] }),
    replace,
  };
}

/** What was left belongs to the view that was open then; another view is shown as it was saved. */
function arrangement(
  left: Settings | null | undefined,
  saved: Settings | undefined,
  viewId: string | undefined,
): Settings {
  if (saved && left?.view !== viewId) return saved;
  return left ?? noSettings;
}
