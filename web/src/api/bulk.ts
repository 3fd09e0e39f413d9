import { sendJson } from "./http";
import type { TableSearch } from "./table";
import type { BulkAnswer, Lifecycle } from "./types";

const root = "/api/v1/runs";

/** Some runs by id, at most 5,000, or all that a search finds. */
export type BulkTarget = { ids: readonly string[] } | { search: TableSearch };

/** Runs of one call: few enough to say often how far it is. */
const atOnce = 2000;

const targeted = (target: BulkTarget, pageToken: string | undefined) => {
  if ("ids" in target) return { runIds: target.ids };
  const { experimentIds, filter, lifecycle, within = [] } = target.search;
  return {
    search: { experimentIds, lifecycle, ...(filter ? { filter } : {}), ...(within.length > 0 ? { within } : {}) },
    limit: atOnce,
    ...(pageToken ? { pageToken } : {}),
  };
};

/** Archives, deletes or restores the next runs of the target. */
export const setLifecycleOf = (target: BulkTarget, lifecycle: Lifecycle, pageToken?: string) =>
  sendJson<BulkAnswer>("POST", `${root}/lifecycle`, { ...targeted(target, pageToken), lifecycle });

/** Sets a tag of the next runs of the target; null takes it away. */
export const tagAll = (target: BulkTarget, tags: Readonly<Record<string, string | null>>, pageToken?: string) =>
  sendJson<BulkAnswer>("POST", `${root}/tags`, { ...targeted(target, pageToken), tags });
