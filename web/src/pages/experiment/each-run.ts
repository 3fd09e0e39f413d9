import { readTable, type TableSearch } from "@/api/table";

const atOnce = 6;
const pageSize = 10_000;

export interface Done {
  done: string[];
  failed: string[];
  cause: unknown;
}

/** Ids of all runs that a search finds, page by page. */
export async function idsOf(search: TableSearch, signal?: AbortSignal): Promise<string[]> {
  const ids: string[] = [];
  let token: string | undefined;
  do {
    const page = await readTable(
      search,
      { columns: [], limit: pageSize, ...(token ? { pageToken: token } : {}) },
      signal,
    );
    ids.push(...page.runs);
    token = page.nextPageToken;
  } while (token);
  return ids;
}

/** Does something to runs, a few at a time; a failure does not keep the others from being tried. */
export async function eachRun(
  ids: readonly string[],
  work: (id: string) => Promise<unknown>,
  told: (count: number) => void,
): Promise<Done> {
  const result: Done = { done: [], failed: [], cause: undefined };
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < ids.length; at = next++) {
      const id = ids[at] as string;
      try {
        await work(id);
        result.done.push(id);
      } catch (cause) {
        result.failed.push(id);
        result.cause = cause;
      }
      told(result.done.length + result.failed.length);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return result;
}
