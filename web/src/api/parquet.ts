import type { ParquetAnswer, ParquetRequest } from "@/preview/parquet/worker";
import { versionOf } from "./artifacts";
import { artifactUrl } from "./calls";
import { keys } from "./queries";
import type { RowReader } from "./rows";
import type { ArtifactInfo, RowPage } from "./types";

const patience = 30_000;

interface Waiting {
  resolve: (page: RowPage) => void;
  reject: (cause: Error) => void;
}

let worker: Worker | undefined;
let next = 0;
const waiting = new Map<number, Waiting>();

function stop(why: string): void {
  worker?.terminate();
  worker = undefined;
  for (const { reject } of waiting.values()) reject(new Error(why));
  waiting.clear();
}

function start(): Worker {
  const started = new Worker(new URL("../preview/parquet/worker.ts", import.meta.url), { type: "module" });
  started.onmessage = ({ data }: MessageEvent<ParquetAnswer>) => {
    const one = waiting.get(data.id);
    waiting.delete(data.id);
    if ("page" in data) one?.resolve(data.page);
    else one?.reject(new Error(data.error));
  };
  started.onerror = () => stop("The file could not be read: it needs more memory than a preview has.");
  return started;
}

function ask(request: Omit<ParquetRequest, "id">): Promise<RowPage> {
  worker ??= start();
  next += 1;
  const id = next;
  worker.postMessage({ ...request, id } satisfies ParquetRequest);
  return new Promise<RowPage>((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    setTimeout(
      () =>
        waiting.has(id) && stop(`Reading took longer than ${patience / 1000} seconds; download the file to open it.`),
      patience,
    );
  });
}

/**
 * The rows of a Parquet file. Its bytes are read and unpacked beside the page, in a worker that ends with all it holds when a file takes
 * more than it should: what such a file does is decided by whoever logged it, and a server has others to serve.
 */
export const rowsOfParquet = (runId: string, entry: ArtifactInfo): RowReader => ({
  key: [...keys.artifacts(runId), "parquet", entry.path, versionOf(entry)],
  read: (offset, limit) =>
    ask({
      address: `${artifactUrl(runId, entry.path)}?version=${encodeURIComponent(versionOf(entry))}`,
      size: entry.size,
      offset,
      limit,
    }),
});
