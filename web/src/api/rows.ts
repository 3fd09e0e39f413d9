import { useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { blocksIn, type Extent, extend, nothing } from "@/preview/row-blocks";
import { versionOf } from "./artifacts";
import { getJson, passes, query } from "./http";
import { keys } from "./queries";
import type { ArtifactInfo, RowPage } from "./types";

/** Something whose rows can be read from any place. */
export interface RowReader {
  key: readonly unknown[];
  read: (offset: number, limit: number, signal: AbortSignal) => Promise<RowPage>;
}

const rowsAtOnce = 200;

/** The rows of a file that the server reads as a table; `part` is the name of one table in a file of several. */
export const rowsOf = (runId: string, entry: ArtifactInfo, part?: string): RowReader => ({
  key: [...keys.artifacts(runId), "rows", entry.path, versionOf(entry), part ?? ""],
  read: (offset, limit, signal) => {
    const path = entry.path.split("/").map(encodeURIComponent).join("/");
    const address = `/api/v1/runs/${encodeURIComponent(runId)}/rows/${path}`;
    return getJson<RowPage>(`${address}${query({ entry: part, offset, limit })}`, signal);
  },
});

/** A whole block, although a page ends early where rows are long. */
async function readBlock({ read }: RowReader, offset: number, size: number, signal: AbortSignal): Promise<RowPage> {
  const page = await read(offset, size, signal);
  let last = page;
  const rows = [...page.rows];
  while (last.hasMore && last.rows.length > 0 && rows.length < size) {
    last = await read(offset + rows.length, size - rows.length, signal);
    rows.push(...last.rows);
  }
  return { ...page, rows, hasMore: last.hasMore };
}

/** The rows on the screen, read in blocks as they come near it; `look` says which are on it. */
export function useRows(reader: RowReader) {
  const options = { staleTime: Number.POSITIVE_INFINITY, gcTime: 60_000, retry: (_: number, e: Error) => passes(e) };
  const first = useQuery({
    ...options,
    queryKey: [...reader.key, 0],
    queryFn: ({ signal }) => reader.read(0, rowsAtOnce, signal),
  });
  const size = first.data?.rows.length ?? 0;
  const [onScreen, look] = useState<readonly [number, number]>([0, 0]);
  const others = useQueries({
    queries: blocksIn(onScreen, size).map((block) => ({
      ...options,
      queryKey: [...reader.key, size, block],
      queryFn: ({ signal }: { signal: AbortSignal }) => readBlock(reader, block * size, size, signal),
    })),
  });
  const pages = [first.data, ...others.map((one) => one.data)].filter((page) => page !== undefined);
  const [known, setKnown] = useState<Extent>(nothing);
  const next = pages.reduce(extend, known);
  if (next !== known) setKnown(next);
  const failed = others.find((one) => one.data === undefined && one.error);
  return {
    first,
    known: next,
    failed: failed?.error,
    look,
    pageOf: (row: number) => pages.find((page) => row >= page.offset && row < page.offset + page.rows.length),
    /** How many rows may follow the last one that is known. */
    further: next.open ? size : 0,
  };
}
