import type { RowPage } from "@/api/types";
import { openParquet, type ParquetTable } from "./table";

export interface ParquetRequest {
  id: number;
  address: string;
  size: number;
  offset: number;
  limit: number;
}

export type ParquetAnswer = { id: number } & ({ page: RowPage } | { error: string });

// The compiler knows a page's globals, not a worker's.
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<ParquetRequest>) => void;
  postMessage: (answer: ParquetAnswer) => void;
};

let open: { address: string; table: Promise<ParquetTable> } | undefined;

async function slice(address: string, start: number, end: number): Promise<ArrayBuffer> {
  const response = await fetch(address, { headers: { range: `bytes=${start}-${end - 1}` } });
  if (response.status !== 206) throw new Error(`The server answered ${response.status} to a part of the file.`);
  return response.arrayBuffer();
}

function tableOf({ address, size }: ParquetRequest): Promise<ParquetTable> {
  if (open?.address !== address) {
    const table = openParquet({
      byteLength: size,
      slice: (start, end = size) =>
        end > start ? slice(address, start, Math.min(end, size)) : Promise.resolve(new ArrayBuffer(0)),
    });
    open = { address, table };
  }
  return open.table;
}

scope.onmessage = async ({ data }) => {
  try {
    const table = await tableOf(data);
    scope.postMessage({ id: data.id, page: await table.read(data.offset, data.limit) });
  } catch (cause) {
    open = undefined;
    scope.postMessage({ id: data.id, error: cause instanceof Error ? cause.message : String(cause) });
  }
};
