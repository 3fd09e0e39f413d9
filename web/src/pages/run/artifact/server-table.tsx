import { useMemo } from "react";
import { rowsOfParquet } from "@/api/parquet";
import { rowsOf } from "@/api/rows";
import type { ArtifactInfo } from "@/api/types";
import { RowsTable } from "@/preview/rows-table";
import { extensionOf } from "./kinds";

interface ServerTableProps {
  runId: string;
  entry: ArtifactInfo;
  /** The name of one table in a file of several. */
  part?: string;
  firstRow?: number;
}

/** The rows of a file that is a table. */
export function ServerTable({ runId, entry, part, firstRow = 1 }: ServerTableProps) {
  const reader = useMemo(
    () => (extensionOf(entry.path) === "parquet" ? rowsOfParquet(runId, entry) : rowsOf(runId, entry, part)),
    [runId, entry, part],
  );
  return <RowsTable label="Rows of the file" reader={reader} firstRow={firstRow} />;
}
