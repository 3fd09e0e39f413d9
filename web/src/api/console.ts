import { keepPreviousData, useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";
import { getJson, query } from "./http";
import { renew } from "./queries";
import type { ConsoleLine, ConsoleMatches, ConsolePage } from "./types";

const root = (runId: string) => `/api/v1/runs/${encodeURIComponent(runId)}/console`;
const keyOf = (runId: string) => ["console", runId] as const;

/** Where the whole console is downloaded. */
export const consoleUrl = (runId: string): string => `${root(runId)}/text`;

/** Lines of a block: what is read at once. */
export const blockLines = 500;

/** How long the console is now. */
export const useConsoleLength = (runId: string) =>
  useQuery({
    queryKey: [...keyOf(runId), "length"],
    queryFn: async ({ signal }) => {
      const { total, bytes } = await getJson<ConsolePage>(`${root(runId)}${query({ tail: 1 })}`, signal);
      return { total, bytes };
    },
    placeholderData: keepPreviousData,
  });

/** Asks how long the console is again; lines that were read stay, because they never change. */
export const refreshConsole = (runId: string) => renew({ queryKey: [...keyOf(runId), "length"] });

/** A page may end early where lines are long, so a block is read until it is whole or the console ends. */
async function readBlock(runId: string, from: number, signal: AbortSignal): Promise<ConsoleLine[]> {
  const lines: ConsoleLine[] = [];
  let next: number | undefined = from;
  while (next !== undefined && lines.length < blockLines) {
    const page: ConsolePage = await getJson(
      `${root(runId)}${query({ from: next, limit: blockLines - lines.length })}`,
      signal,
    );
    lines.push(...page.lines);
    next = page.lines.length === 0 ? undefined : page.next;
  }
  return lines;
}

/** The blocks that hold some lines, by number; of a block at the end the lines that it has so far. */
export const useConsoleBlocks = (runId: string, first: number, last: number, total: number) =>
  useQueries({
    queries: Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
      const block = first + index;
      const whole = (block + 1) * blockLines <= total;
      return {
        queryKey: [...keyOf(runId), "block", block, whole ? "whole" : total],
        queryFn: ({ signal }: { signal: AbortSignal }) => readBlock(runId, block * blockLines, signal),
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 30_000,
        placeholderData: keepPreviousData,
      };
    }),
    combine: (blocks) => ({
      lines: new Map(blocks.flatMap((block, index) => (block.data ? [[first + index, block.data] as const] : []))),
      error: blocks.find((block) => block.error)?.error ?? null,
    }),
  });

export interface ConsoleSearch {
  text: string;
  regex: boolean;
  ignoreCase: boolean;
}

/** Lines that match, in their order; a page more is read on demand. */
export const useConsoleSearch = (runId: string, search: ConsoleSearch) =>
  useInfiniteQuery({
    queryKey: [...keyOf(runId), "search", search],
    queryFn: ({ signal, pageParam }) =>
      getJson<ConsoleMatches>(
        `${root(runId)}/search${query({ q: search.text, regex: search.regex, ignoreCase: search.ignoreCase, from: pageParam, limit: 1000 })}`,
        signal,
      ),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
    enabled: search.text !== "",
    staleTime: 60_000,
    retry: false,
  });
