import { useMemo } from "react";
import { rowsOf } from "@/api/rows";
import type { ArtifactInfo } from "@/api/types";
import { RowsTable } from "@/preview/rows-table";

/** The rows of a file that the server reads as a table. */
export function ServerTable({ runId, entry, firstRow }: { runId: string; entry: ArtifactInfo; firstRow?: number }) {
  const reader = useMemo(() => rowsOf(runId, entry), [runId, entry]);
  return <RowsTable label="Rows of the file" reader={reader} {...(firstRow === undefined ? {} : { firstRow })} />;
}
