import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { getGroups, measureImportance, readTable } from "@/api/calls";
import { runsById } from "@/api/filter";
import { loadFrames } from "@/api/frames";
import { Gate } from "@/api/gate";
import { keys } from "@/api/queries";
import type { Axis, Frame, MetricGroups, RunTablePage } from "@/api/types";
import { mostRuns, type RunSearch, type RunSource } from "./source";

/** The search that finds the runs of a source. */
export const searchOf = (source: RunSource): RunSearch =>
  source.kind === "search"
    ? source.search
    : { experimentIds: [], filter: runsById(source.ids), orderBy: [], lifecycle: "all" };

const requestOf = ({ experimentIds, filter, orderBy, lifecycle }: RunSearch) => ({
  lifecycle,
  ...(experimentIds.length > 0 ? { experimentIds: [...experimentIds] } : {}),
  ...(filter ? { filter } : {}),
  ...(orderBy.length > 0 ? { orderBy: [...orderBy] } : {}),
});

/** What curves are asked for: every metric of every run, over one axis. */
export interface CurvesQuery {
  runIds: readonly string[];
  keys: readonly string[];
  axis: Axis;
  xKey?: string | undefined;
  buckets: number;
  range: readonly [number, number] | undefined;
}

/** Frames metric by metric, each with all runs in order. */
export const useCurves = (query: CurvesQuery, enabled: boolean) =>
  useQuery({
    queryKey: [...keys.frames, query],
    queryFn: async ({ signal }): Promise<Frame[]> => {
      const { runIds, axis, xKey, buckets, range } = query;
      const parts = await Promise.all(
        query.keys.map((key) =>
          loadFrames(
            {
              runIds: [...runIds],
              key,
              axis,
              buckets,
              ...(xKey === undefined ? {} : { xKey }),
              ...(range ? { from: range[0], to: range[1] } : {}),
            },
            signal,
          ),
        ),
      );
      return parts.flat();
    },
    enabled: enabled && query.runIds.length > 0 && query.keys.length > 0 && query.buckets > 0,
    placeholderData: keepPreviousData,
  });

export interface GroupsQuery {
  search: RunSearch;
  groupBy: readonly string[];
  key: string;
  axis: Axis;
  xKey?: string | undefined;
  buckets: number;
  range: readonly [number, number] | undefined;
}

/** Of very many runs a mean takes the server a second. All of a page at once would take every connection of the browser from rows and curves. */
const means = new Gate(2);

/** Mean and spread of all runs of each group. */
export const groupsOptions = (query: GroupsQuery, enabled: boolean) =>
  queryOptions({
    queryKey: [...keys.groups, query],
    queryFn: ({ signal }): Promise<MetricGroups> => {
      const { orderBy: _, ...search } = requestOf(query.search);
      const asked = {
        search: { ...search, ...(query.groupBy.length > 0 ? { groupBy: [...query.groupBy] } : {}) },
        key: query.key,
        axis: query.axis,
        buckets: query.buckets,
        ...(query.xKey === undefined ? {} : { xKey: query.xKey }),
        ...(query.range ? { from: query.range[0], to: query.range[1] } : {}),
      };
      return means.run(() => getGroups(asked, signal), signal);
    },
    enabled: enabled && query.buckets > 0,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

/** Columns of runs, each as long as `runs`; numbers or texts as the field has them, null where a run lacks it. */
export interface Columns {
  runs: readonly string[];
  values: ReadonlyMap<string, readonly (string | number | null)[]>;
  /** How many runs match; at least so many when not `exact`. */
  total: number;
  exact: boolean;
  /** False when there was no room for all of them: these are the first. */
  complete: boolean;
}

const mostCells = 2_000_000;
const mostRows = 100_000;
const page = 10_000;

/** Fields of all runs of a source, as far as two million cells hold them. */
export const useColumns = (source: RunSource, fields: readonly string[], enabled = true) => {
  const search = searchOf(source);
  return useQuery({
    queryKey: [...keys.columns, search, fields],
    queryFn: ({ signal }) => readColumns(search, fields, signal),
    enabled: enabled && fields.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
};

async function readColumns(search: RunSearch, fields: readonly string[], signal: AbortSignal): Promise<Columns> {
  const most = Math.min(mostRows, Math.floor(mostCells / fields.length));
  const pages: RunTablePage[] = [];
  let read = 0;
  for (let token: string | undefined = ""; token !== undefined && read < most; ) {
    const next: RunTablePage = await readTable(
      {
        ...requestOf(search),
        limit: Math.min(page, most - read),
        columns: [...fields],
        count: token === "",
        ...(token ? { pageToken: token } : {}),
      },
      signal,
    );
    pages.push(next);
    read += next.runs.length;
    token = next.nextPageToken;
  }
  const last = pages.at(-1);
  const values = fields.map((field, index): [string, (string | number | null)[]] => [
    field,
    pages.flatMap((one) => cells(one.columns[index]?.values as unknown[], field)),
  ]);
  return {
    runs: pages.flatMap((one) => one.runs),
    values: new Map(values),
    total: Math.max(read, pages[0]?.total ?? 0),
    exact: (pages[0]?.totalIsExact ?? true) || last?.nextPageToken === undefined,
    complete: last?.nextPageToken === undefined,
  };
}

const numeric = /^(metrics\.|start_time$|end_time$|duration$)/;

/** Numbers that JSON cannot carry come as texts. */
function cells(values: unknown[] | undefined, field: string): (string | number | null)[] {
  const isNumeric = numeric.test(field);
  return (values ?? []).map((value) => {
    if (value === null || value === undefined) return null;
    return isNumeric ? Number(value) : String(value);
  });
}

export interface NamedRun {
  id: string;
  name: string;
}

/** The runs that are drawn one by one, with their names: all that were chosen, or the first that a search finds. */
export function useShownRuns(source: RunSource, known: readonly NamedRun[]): readonly NamedRun[] | undefined {
  const chosen = source.kind === "runs";
  const search = searchOf(source);
  const found = useQuery({
    queryKey: [...keys.columns, "names", search],
    queryFn: async ({ signal }) => {
      const table = await readTable({ ...requestOf(search), limit: mostRuns, columns: ["name"] }, signal);
      return table.runs.map((id, at) => ({ id, name: String(table.columns[0]?.values[at] ?? id) }));
    },
    enabled: !chosen,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  return chosen ? known : found.data;
}

/** Which params a metric depends on, over all runs of a source. */
export const useImportance = (source: RunSource, metric: string) => {
  const search = searchOf(source);
  return useQuery({
    queryKey: [...keys.columns, "importance", search, metric],
    queryFn: ({ signal }) => {
      const { orderBy: _, ...where } = requestOf(search);
      return measureImportance({ search: where, metric }, signal);
    },
    enabled: metric !== "",
    placeholderData: keepPreviousData,
    // It costs the server a second or more, and changes little with each further run.
    staleTime: 300_000,
  });
};
