import { useQueries } from "@tanstack/react-query";
import { getRun } from "./calls";
import { getJson, query } from "./http";
import { keys } from "./queries";
import type { ArtifactInfo, ArtifactList } from "./types";

/** All that is known of several runs, one request a run; `data` is there once all are. */
export const useManyDetails = (ids: readonly string[], enabled: boolean) =>
  useQueries({
    queries: ids.map((id) => ({
      queryKey: keys.run(id),
      queryFn: ({ signal }: { signal: AbortSignal }) => getRun(id, signal),
      enabled,
      staleTime: 60_000,
    })),
    combine: (all) => ({
      error: all.find((one) => one.error)?.error ?? null,
      data: all.every((one) => one.data) ? all.flatMap((one) => (one.data ? [one.data] : [])) : undefined,
    }),
  });

/** Files of a run that are read at most to compare runs. */
export const comparedFiles = 10_000;

/** The files of several runs, of each the first ones in order of their paths. */
export const useManyFiles = (ids: readonly string[]) =>
  useQueries({
    queries: ids.map((id) => ({
      queryKey: [...keys.artifacts(id), "all"],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        getJson<ArtifactList>(
          `/api/v1/runs/${encodeURIComponent(id)}/artifacts${query({ recursive: true, limit: comparedFiles })}`,
          signal,
        ),
      staleTime: 60_000,
    })),
    combine: (all) => ({
      error: all.find((one) => one.error)?.error ?? null,
      data: all.every((one) => one.data)
        ? all.map((one): readonly ArtifactInfo[] => one.data?.entries.filter((entry) => !entry.isFolder) ?? [])
        : undefined,
      cut: all.some((one) => one.data?.nextAfter !== undefined),
    }),
  });
