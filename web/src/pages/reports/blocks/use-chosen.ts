import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { searchRuns } from "@/api/calls";
import { runsById } from "@/api/filter";
import type { RunColumns, RunPage, RunRow } from "@/api/types";
import type { RunChoice } from "./block";

export interface Chosen {
  rows: RunRow[];
  /** How many runs match, at least when not `exact`. */
  total: number;
  exact: boolean;
}

const none: RunColumns = { metrics: [], params: [], tags: [], inputs: false };

/** The runs of a block: those it names, in its order, or the first that its search finds. */
export const useChosen = (choice: RunChoice, limit: number, columns: RunColumns = none) =>
  useQuery({
    queryKey: ["chosen", choice, limit, columns],
    queryFn: ({ signal }) =>
      choice.runs.length > 0 ? named(choice, limit, columns, signal) : found(choice, limit, columns, signal),
    placeholderData: keepPreviousData,
  });

async function named(choice: RunChoice, limit: number, columns: RunColumns, signal: AbortSignal): Promise<Chosen> {
  const wanted = choice.runs.slice(0, limit);
  const { runs } = await searchRuns(
    { filter: runsById(wanted), lifecycle: "all", limit: wanted.length, columns },
    signal,
  );
  const byId = new Map(runs.map((row) => [row.info.id, row]));
  const rows = wanted.map((id) => byId.get(id)).filter((row) => row !== undefined);
  return { rows, total: choice.runs.length, exact: true };
}

async function found(choice: RunChoice, limit: number, columns: RunColumns, signal: AbortSignal): Promise<Chosen> {
  const page: RunPage = await searchRuns(
    {
      ...(choice.experiment ? { experimentIds: [choice.experiment] } : {}),
      ...(choice.filter ? { filter: choice.filter } : {}),
      ...(choice.orderBy.length > 0 ? { orderBy: choice.orderBy } : {}),
      limit,
      count: true,
      columns,
    },
    signal,
  );
  return { rows: page.runs, total: page.total ?? page.runs.length, exact: page.totalIsExact ?? true };
}
