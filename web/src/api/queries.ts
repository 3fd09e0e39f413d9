import {
  type InvalidateQueryFilters,
  keepPreviousData,
  QueryClient,
  useInfiniteQuery,
  useQuery,
} from "@tanstack/react-query";
import { isSystem } from "@/charts/prepare/groups";
import * as calls from "./calls";
import { runsById } from "./filter";
import { type FrameQuery, loadFrames } from "./frames";
import { passes } from "./http";
import type { KeyList, Lifecycle } from "./types";

export const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: false,
      retry: (_, error) => passes(error),
      retryDelay: (failures) => Math.min(1000 * 2 ** failures, 8000),
    },
  },
});

/**
 * Asks again what somebody looks at, and marks the rest as old. A first answer that is still under way may be older than the change that
 * calls for this, and the library would take it for the new one: where there is one, the question is asked once more after it.
 */
export async function renew(filters: InvalidateQueryFilters): Promise<void> {
  const first = client
    .getQueryCache()
    .findAll({ ...filters, fetchStatus: "fetching" })
    .filter((query) => query.state.data === undefined);
  const late = first.map(async (query) => {
    await query.promise?.catch(() => undefined);
    await client.invalidateQueries({ queryKey: query.queryKey, exact: true });
  });
  await Promise.all([client.invalidateQueries(filters), ...late]);
}

/**
 * Why a query has nothing to show yet. It is known from the first try that failed, although further ones are under way: a node waits ten
 * seconds for its database before it answers.
 */
export const failureOf = (query: { data: unknown; error: Error | null; failureReason: Error | null }): Error | null =>
  query.data === undefined ? (query.error ?? query.failureReason) : null;

export const keys = {
  experiments: ["experiments"] as const,
  experiment: (id: string) => ["experiment", id] as const,
  names: (id: string) => ["keys", id] as const,
  sample: (experimentId: string) => ["sample", experimentId] as const,
  runs: (experimentId: string) => ["runs", experimentId] as const,
  run: (id: string) => ["run", id] as const,
  artifacts: (runId: string) => ["artifacts", runId] as const,
  frames: ["frames"] as const,
  groups: ["groups"] as const,
  columns: ["columns"] as const,
  workspace: (experimentId: string) => ["workspace", experimentId] as const,
  views: (experimentId: string) => ["views", experimentId] as const,
  view: (experimentId: string, id: string) => ["views", experimentId, id] as const,
};

export const useServer = () =>
  useQuery({
    queryKey: ["server"],
    queryFn: ({ signal }) => calls.getServer(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const useExperiments = (lifecycle: Lifecycle) =>
  useInfiniteQuery({
    queryKey: [...keys.experiments, lifecycle],
    queryFn: ({ signal, pageParam }) =>
      calls.listExperiments(
        { lifecycle, limit: 500, summary: true, ...(pageParam ? { pageToken: pageParam } : {}) },
        signal,
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextPageToken,
  });

export const useExperiment = (id: string | undefined) =>
  useQuery({
    queryKey: keys.experiment(id ?? ""),
    queryFn: ({ signal }) => calls.getExperiment(id ?? "", signal),
    enabled: id !== undefined,
  });

export const useKeys = (id: string) =>
  useQuery({ queryKey: keys.names(id), queryFn: ({ signal }) => calls.getKeys(id, signal) });

const sampled = { runs: 30, metrics: 400, params: 200 };

/** The newest runs with what they hold, to choose what is shown first; of very many names only the first are read. */
export const useSample = (id: string, names: KeyList | undefined) =>
  useQuery({
    queryKey: [...keys.sample(id), names?.metrics.length, names?.params.length],
    queryFn: async ({ signal }) => {
      const columns = {
        metrics: (names?.metrics ?? []).filter((key) => !isSystem(key)).slice(0, sampled.metrics),
        params: (names?.params ?? []).slice(0, sampled.params),
        tags: [],
        inputs: false,
      };
      return (await calls.searchRuns({ experimentIds: [id], limit: sampled.runs, columns }, signal)).runs;
    },
    enabled: names !== undefined,
    placeholderData: (before, query) => (query?.queryKey[1] === id ? before : undefined),
  });

export const useRun = (id: string | undefined) =>
  useQuery({
    queryKey: keys.run(id ?? ""),
    queryFn: ({ signal }) => calls.getRun(id ?? "", signal),
    enabled: id !== undefined,
  });

/** What was erased of the metrics of a run; read again with the run. */
export const useErasures = (runId: string) =>
  useQuery({
    queryKey: [...keys.run(runId), "erasures"],
    queryFn: ({ signal }) => calls.listErasures(runId, signal),
  });

/** Runs by id with everything they hold, in the order asked for; ids that are unknown are left out. */
export const useRunRows = (ids: readonly string[]) =>
  useQuery({
    queryKey: ["rows", ids],
    queryFn: async ({ signal }) => {
      const { runs } = await calls.searchRuns({ filter: runsById(ids), lifecycle: "all", limit: 1000 }, signal);
      const byId = new Map(runs.map((row) => [row.info.id, row]));
      return ids.map((id) => byId.get(id)).filter((row) => row !== undefined);
    },
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
  });

export const useFrames = (query: FrameQuery, enabled: boolean) =>
  useQuery({
    queryKey: [...keys.frames, query],
    queryFn: ({ signal }) => loadFrames(query, signal),
    enabled: enabled && query.runIds.length > 0 && query.buckets > 0,
    placeholderData: keepPreviousData,
  });

export const useArtifacts = (runId: string, path: string, enabled = true) =>
  useQuery({
    queryKey: [...keys.artifacts(runId), "list", path],
    queryFn: ({ signal }) => calls.listArtifacts(runId, path, signal),
    enabled,
  });

export const useArtifactHead = (
  runId: string,
  path: string,
  version: string,
  bytes: number,
  size: number,
  enabled = true,
) =>
  useQuery({
    queryKey: [...keys.artifacts(runId), "head", path, version, bytes],
    queryFn: ({ signal }) => calls.readArtifactHead(runId, path, bytes, size, signal),
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
  });
