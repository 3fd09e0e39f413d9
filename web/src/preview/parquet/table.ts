import { decompress } from "fzstd";
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
  type SchemaTree,
} from "hyparquet";
import { gunzip } from "hyparquet-compressors/src/gzip.js";
import { decompressLz4, decompressLz4Raw } from "hyparquet-compressors/src/lz4.js";
import type { RowPage } from "@/api/types";
import { cellOf, dayOf, timeOf } from "./cells";

const mib = 1024 * 1024;
/** Bytes of the description of the columns, at the end of the file. */
const mostDescription = 16 * mib;
/** Bytes of a file that one stretch of rows may take. */
const mostRead = 64 * mib;
/** Bytes of a page once it is unpacked. */
const mostPage = 128 * mib;
const mostCells = 200_000;
const stretchRows = 5000;
const stretchesKept = 3;

const bounded =
  (unpack: (input: Uint8Array, length: number) => Uint8Array) =>
  (input: Uint8Array, length: number): Uint8Array => {
    if (!(length >= 0 && length <= mostPage)) throw new Error(`A page says that it has ${length} bytes when unpacked.`);
    return unpack(input, length);
  };

const compressors: Compressors = {
  GZIP: bounded((input, length) => gunzip(input, new Uint8Array(length))),
  ZSTD: bounded((input, length) => decompress(input, new Uint8Array(length))),
  LZ4: bounded(decompressLz4),
  LZ4_RAW: bounded(decompressLz4Raw),
};

/** Brotli brings a dictionary that is larger than all the rest, and few files use it. */
async function decodersOf(metadata: FileMetaData): Promise<Compressors> {
  const brotli = metadata.row_groups.some((group) => group.columns.some((one) => one.meta_data?.codec === "BROTLI"));
  if (!brotli) return compressors;
  const { decompressBrotli } = await import("hyparquet-compressors/src/brotli.js");
  return { ...compressors, BROTLI: bounded(decompressBrotli) };
}

const parsers = {
  timestampFromMilliseconds: (value: bigint) => timeOf(value, 3),
  timestampFromMicroseconds: (value: bigint) => timeOf(value, 6),
  timestampFromNanoseconds: (value: bigint) => timeOf(value, 9),
  dateFromDays: dayOf,
};

export interface ParquetTable {
  read: (offset: number, limit: number) => Promise<RowPage>;
}

/** A Parquet file whose rows are read where they lie, however long it is. What cannot be read is an error with a sentence. */
export async function openParquet(file: AsyncBuffer): Promise<ParquetTable> {
  const metadata = await describe(file);
  const tree = parquetSchema(metadata).children;
  const total = Number(metadata.num_rows);
  const groups = groupsOf(metadata);
  if (groups.at(-1)?.end !== total && total !== 0) throw new Error("The file and its groups have not as many rows.");
  const shown = readable(metadata, tree);
  const size = Math.max(1, Math.min(stretchRows, Math.floor(mostCells / Math.max(1, shown.length))));
  const kept = new Map<number, unknown[][]>();

  async function stretch(index: number): Promise<unknown[][]> {
    const known = kept.get(index);
    if (known) return known;
    const rows = await readRows(file, metadata, shown, index * size, Math.min(total, (index + 1) * size));
    kept.set(index, rows);
    for (const old of [...kept.keys()].slice(0, -stretchesKept)) kept.delete(old);
    return rows;
  }

  const left = tree.length - shown.length;
  return {
    read: async (offset, limit) => {
      const index = Math.floor(offset / size);
      const rows = offset < total ? (await stretch(index)).slice(offset - index * size).slice(0, limit) : [];
      return {
        format: "parquet",
        columns: shown.map(({ element }, at) => ({ name: element.name, type: typeOf(shown[at] as SchemaTree) })),
        offset,
        rows: rows.map((row) => row.map(cellOf)),
        hasMore: offset + rows.length < total,
        total,
        remarks:
          left > 0
            ? [`The last ${left} of ${tree.length} columns are not shown: a stretch of rows has too many bytes.`]
            : [],
      };
    },
  };
}

async function describe(file: AsyncBuffer): Promise<FileMetaData> {
  if (file.byteLength < 12) throw new Error("The file is too short to be Parquet.");
  const end = new DataView(await file.slice(file.byteLength - 8, file.byteLength));
  if (end.getUint32(4, true) !== 0x31524150)
    throw new Error("The file does not end as Parquet does. It was not written to the end, or is something else.");
  const length = end.getUint32(0, true);
  if (length > mostDescription || length > file.byteLength - 12)
    throw new Error(`The file says that the description of its columns has ${length} bytes.`);
  return parquetMetadataAsync(file, { initialFetchSize: length + 8, parsers });
}

/** Where each group of rows ends; throws where the numbers cannot be. */
function groupsOf(metadata: FileMetaData): { end: number }[] {
  let end = 0;
  return metadata.row_groups.map((group) => {
    const rows = Number(group.num_rows);
    end += rows;
    if (!(rows >= 0) || !Number.isSafeInteger(end))
      throw new Error("A group of the file has an impossible number of rows.");
    return { end };
  });
}

/** The first columns whose bytes in any group may be read at once. */
function readable(metadata: FileMetaData, tree: readonly SchemaTree[]): SchemaTree[] {
  let most = tree.length;
  for (const group of metadata.row_groups) {
    const bytes = new Map<string, number>();
    for (const { meta_data: meta } of group.columns) {
      const name = meta?.path_in_schema[0] ?? "";
      bytes.set(name, (bytes.get(name) ?? 0) + Number(meta?.total_compressed_size ?? 0));
    }
    let sum = 0;
    const fit = tree.findIndex(({ element }) => {
      sum += bytes.get(element.name) ?? 0;
      return sum > mostRead;
    });
    if (fit >= 0) most = Math.min(most, fit);
  }
  if (most === 0 && tree.length > 0)
    throw new Error("A group of rows has more bytes than a preview reads; download the file to open it.");
  return tree.slice(0, Math.min(most, mostCells / 10));
}

async function readRows(
  file: AsyncBuffer,
  metadata: FileMetaData,
  columns: readonly SchemaTree[],
  rowStart: number,
  rowEnd: number,
): Promise<unknown[][]> {
  let rows: unknown[][] = [];
  const names = columns.map(({ element }) => element.name);
  await parquetRead({
    file,
    metadata,
    columns: names,
    rowStart,
    rowEnd,
    compressors: await decodersOf(metadata),
    parsers,
    useOffsetIndex: true,
    rowFormat: "array",
    onComplete: (read) => {
      rows = read;
    },
  });
  return rows;
}

function typeOf({ element, children }: SchemaTree): string {
  if (children.length > 0) return "mixed";
  const { type, converted_type: converted, logical_type: logical } = element;
  if (type === "BOOLEAN") return "boolean";
  const meaning = `${converted ?? ""} ${logical?.type ?? ""}`;
  if (/DECIMAL/.test(meaning)) return "number";
  if (/DATE|TIME/.test(meaning)) return "text";
  return type === "INT32" || type === "INT64" || type === "FLOAT" || type === "DOUBLE" ? "number" : "text";
}
