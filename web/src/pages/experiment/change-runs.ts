import type { BulkAnswer } from "@/api/types";

export interface Done {
  changed: number;
  failed: number;
  /** Why the first of the failed ones stayed as before. */
  why: string | undefined;
  /** Whether all was done; not so when somebody stopped it. */
  complete: boolean;
}

/**
 * Calls again and again until the server has no more runs to change, or until it is stopped between two calls. What was changed stays
 * so; when a call fails, it throws what the call threw.
 */
export async function changeRuns(
  call: (pageToken: string | undefined) => Promise<BulkAnswer>,
  told: (done: number) => void,
  stop: AbortSignal,
): Promise<Done> {
  const result: Done = { changed: 0, failed: 0, why: undefined, complete: false };
  let token: string | undefined;
  do {
    const answer = await call(token);
    result.changed += answer.changed;
    result.failed += answer.failed;
    result.why ??= answer.failures[0]?.detail;
    token = answer.nextPageToken ?? undefined;
    told(result.changed + result.failed);
  } while (token !== undefined && !stop.aborted);
  result.complete = token === undefined;
  return result;
}
