import { useQuery } from "@tanstack/react-query";
import { artifactUrl } from "./calls";
import { query, request } from "./http";
import { keys } from "./queries";
import type { ArtifactInfo } from "./types";

/** What tells one content of a file from the next. */
export const versionOf = (entry: ArtifactInfo): string => entry.sha256 ?? String(entry.updatedAt);

/** Where a folder of a run, or all its files, is downloaded as one zip file. */
export const folderUrl = (runId: string, path = ""): string =>
  `/api/v1/runs/${encodeURIComponent(runId)}/archive${query({ path })}`;

async function readBytes(runId: string, entry: ArtifactInfo, most: number, signal: AbortSignal): Promise<ArrayBuffer> {
  if (entry.size === 0) return new ArrayBuffer(0);
  const last = Math.min(most, entry.size) - 1;
  const response = await request(artifactUrl(runId, entry.path), { headers: { range: `bytes=0-${last}` }, signal });
  return response.arrayBuffer();
}

/** The first bytes of a file, at most `most`. */
export const useArtifactBytes = (runId: string, entry: ArtifactInfo, most: number) =>
  useQuery({
    queryKey: [...keys.artifacts(runId), "bytes", entry.path, versionOf(entry), most],
    queryFn: ({ signal }) => readBytes(runId, entry, most, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
