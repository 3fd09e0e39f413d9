import { runsById } from "@/api/filter";
import { decodeList, encodeList, type Search } from "@/state/url";

/** Which runs are selected: some, or all that the search finds but for some. */
export interface Selection {
  all: boolean;
  /** The selected ones; with `all` those that are not. */
  ids: ReadonlySet<string>;
}

/** Runs that may be selected, or left out, one by one: they stand in the address. */
export const mostSelected = 100;

export const nothingSelected: Selection = { all: false, ids: new Set() };

export const readSelection = (search: Search): Selection =>
  search.sel === "all"
    ? { all: true, ids: new Set(decodeList(search.not)) }
    : { all: false, ids: new Set(decodeList(search.sel)) };

export const writeSelection = ({ all, ids }: Selection): Search =>
  all ? { sel: "all", not: encodeList([...ids]) } : { sel: encodeList([...ids]), not: undefined };

export const isSelected = ({ all, ids }: Selection, id: string): boolean => ids.has(id) !== all;

/** How many of some runs are selected. */
export function selectedOf(selection: Selection, runs: readonly string[]): "all" | "some" | "none" {
  const count = runs.filter((id) => isSelected(selection, id)).length;
  return count === 0 ? "none" : count === runs.length ? "all" : "some";
}

export const isEmpty = ({ all, ids }: Selection): boolean => !all && ids.size === 0;

/** The selection with some runs selected or not; undefined when that would be more than the address holds. */
export function select(selection: Selection, runs: readonly string[], on: boolean): Selection | undefined {
  const ids = new Set(selection.ids);
  for (const id of runs)
    if (on !== selection.all) ids.add(id);
    else ids.delete(id);
  return ids.size > mostSelected ? undefined : { all: selection.all, ids };
}

/** How many of so many runs are selected. */
export const countSelected = ({ all, ids }: Selection, total: number): number =>
  all ? Math.max(0, total - ids.size) : ids.size;

/** The filter that finds the selected runs among those of a search. */
export function selectionFilter({ all, ids }: Selection, filter: string): string {
  if (!all) return runsById([...ids]);
  if (ids.size === 0) return filter;
  const others = `not ${runsById([...ids])}`;
  return filter === "" ? others : `(${filter}) and ${others}`;
}
