import type { Lifecycle } from "@/api/types";

/** A search for runs, as the API takes it. */
export interface RunSearch {
  experimentIds: readonly string[];
  filter: string;
  orderBy: readonly string[];
  lifecycle: Lifecycle | "all";
}

/** Most runs that are given one by one; more are a search. */
export const mostRuns = 100;

/** Which runs a page of panels shows: up to a hundred that were chosen, or everything that a search finds. */
export type RunSource = {
  /** Fields in which the runs of a group agree, as `params.model`; none means that runs stand for themselves. */
  groupBy: readonly string[];
} & (
  | { kind: "runs"; ids: readonly string[] }
  | {
      kind: "search";
      search: RunSearch;
      /** How many runs it finds; at least so many when not `exact`. */
      count: number;
      exact: boolean;
    }
);
