import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ApiError, getJson, query, sendJson } from "./http";
import { renew } from "./queries";
import { comparedMediaKey, sharedMediaKey } from "./refresh-panels";
import type { MediaKey, MediaOfRun, MediaPage, MediaType } from "./types";

const root = (runId: string) => `/api/v1/runs/${encodeURIComponent(runId)}/media`;
const keyOf = (runId: string) => ["media", runId] as const;

/** What a run logged to be looked at: an entry a key and type. */
export const useMediaKeys = (runId: string, enabled = true) =>
  useQuery({
    queryKey: [...keyOf(runId), "keys"],
    queryFn: ({ signal }) => getJson<MediaKey[]>(root(runId), signal),
    enabled,
  });

/** Reads what a run has to be looked at again. */
export const refreshMedia = (runId: string) => renew({ queryKey: keyOf(runId) });

/** Types that a file holds are small to read; the others carry their data with them. */
const light: readonly MediaType[] = ["image", "audio", "video", "html"];

/** Items at some of the steps of a key, spread evenly; fewer steps where the data of so many would be too much. */
async function sample(runId: string, key: string, samples: number, signal: AbortSignal): Promise<MediaPage> {
  try {
    return await getJson<MediaPage>(`${root(runId)}/items${query({ key, samples })}`, signal);
  } catch (cause) {
    if (samples > 4 && cause instanceof ApiError && cause.code === "too_large")
      return sample(runId, key, Math.floor(samples / 4), signal);
    throw cause;
  }
}

export const useMediaItems = (runId: string, { key, type }: MediaKey, enabled = true) =>
  useQuery({
    queryKey: [...keyOf(runId), "items", key, type],
    queryFn: async ({ signal }) => {
      const page = await sample(runId, key, light.includes(type) ? 200 : 60, signal);
      return { ...page, items: page.items.filter((item) => item.type === type) };
    },
    placeholderData: keepPreviousData,
    enabled,
  });

/** The keys that some runs have together. */
export const useSharedMediaKeys = (runIds: readonly string[]) =>
  useQuery({
    queryKey: [...sharedMediaKey, runIds],
    queryFn: ({ signal }) => sendJson<MediaKey[]>("POST", "/api/v1/media/keys", { runIds }, signal),
    placeholderData: keepPreviousData,
    enabled: runIds.length > 0,
  });

/** Asks for what several runs had; in parts where the data of all would be too much for one answer. */
async function compare(
  runIds: readonly string[],
  key: string,
  step: number | undefined,
  signal: AbortSignal,
): Promise<MediaOfRun[]> {
  try {
    const request = { runIds, key, ...(step === undefined ? {} : { step }) };
    return await sendJson<MediaOfRun[]>("POST", "/api/v1/media/compare", request, signal);
  } catch (cause) {
    if (runIds.length < 2 || !(cause instanceof ApiError && cause.code === "too_large")) throw cause;
    const middle = runIds.length >> 1;
    const first = await compare(runIds.slice(0, middle), key, step, signal);
    return [...first, ...(await compare(runIds.slice(middle), key, step, signal))];
  }
}

/** What each run had under a key at a step, or at the greatest one before. */
export const useComparedMedia = (runIds: readonly string[], key: string, step: number | undefined, enabled = true) =>
  useQuery({
    queryKey: [...comparedMediaKey, runIds, key, step],
    queryFn: ({ signal }) => compare(runIds, key, step, signal),
    placeholderData: keepPreviousData,
    enabled: enabled && runIds.length > 0,
  });
