import { getView } from "@/api/calls";
import type { Search } from "@/state/url";
import type { Settings } from "@/workspace/settings";

/** What of the address a saved view freezes; which runs are selected, opened or zoomed to is of the moment. */
const frozen = ["filter", "sort", "group", "life", "show", "x", "xs", "y", "clip", "smooth", "metric"] as const;
const ofTheMoment = ["sel", "not", "open", "fold", "zoom", "cols", "pin"] as const;

/** The settings of a saved view: how the page is arranged, and what the address says. */
export function freeze(settings: Settings, address: Search): object {
  const search = Object.fromEntries(
    frozen.flatMap((name) => (address[name] === undefined ? [] : [[name, address[name]] as const])),
  );
  const { view: _, ...arranged } = settings;
  return { ...arranged, search };
}

/** The change of the address that opens a view: what it froze, and nothing else of the view before. */
export function thaw(id: string, settings: unknown): Search {
  const search = (settings as { search?: unknown } | undefined)?.search;
  const kept = typeof search === "object" && search !== null ? (search as Record<string, unknown>) : {};
  const change: Search = { view: id };
  for (const name of frozen) change[name] = typeof kept[name] === "string" ? kept[name] : undefined;
  for (const name of ofTheMoment) change[name] = undefined;
  return change;
}

/** The change of the address that leaves a view for the page as it is by itself. */
export function leaveView(): Search {
  return { ...thaw("", undefined), view: "none" };
}

/** The change of the address that opens the default view of an experiment. */
export const openDefault = async (experimentId: string, id: string): Promise<Search> =>
  thaw(id, (await getView(experimentId, id)).settings);

/** Whether the address says something else than the view froze. */
export function strays(settings: unknown, address: Search): boolean {
  const opened = thaw("", settings);
  return frozen.some((name) => (opened[name] ?? "") !== (address[name] ?? ""));
}
