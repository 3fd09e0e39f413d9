import { useMemo } from "react";
import { versionOf } from "@/api/artifacts";
import { failureOf, useArtifactHead } from "@/api/queries";
import type { ArtifactInfo } from "@/api/types";
import { TablePreview } from "@/preview/table-preview";
import { TextLines } from "@/preview/text-lines";
import { parseJsonLines, parseTable } from "@/preview/values";
import { formatBytes } from "@/state/format";
import { EmptyState, ErrorState, Skeleton } from "@/ui/state-views";
import { extensionOf } from "./kinds";

const headBytes = 1024 * 1024;

/** The rows of a file with rows. */
export function ServerTable({ runId, entry }: { runId: string; entry: ArtifactInfo }) {
  const extension = extensionOf(entry.path);
  const head = useArtifactHead(runId, entry.path, versionOf(entry), headBytes, entry.size, extension !== "parquet");
  const failure = failureOf(head);
  const cut = head.data !== undefined && head.data.read < entry.size;
  const rows = useMemo(() => {
    if (!head.data) return [];
    const all =
      extension === "csv" || extension === "tsv"
        ? parseTable(head.data.text, extension === "tsv" ? "\t" : ",")
        : parseJsonLines(head.data.text);
    // The last row of a part of a file may be half a row.
    return cut ? all.slice(0, -1) : all;
  }, [head.data, extension, cut]);
  if (extension === "parquet")
    return (
      <EmptyState title="This kind of file has no preview" className="h-full">
        Download it to open it.
      </EmptyState>
    );
  if (failure)
    return <ErrorState what="The file could not be read" error={failure} onRetry={() => void head.refetch()} />;
  if (!head.data) return <Skeleton className="m-4 h-64" />;
  return (
    <div className="flex h-full flex-col">
      {cut && (
        <p className="shrink-0 bg-warn-soft px-4 py-1.5 text-xs text-warn">
          The first {formatBytes(head.data.read)} of {formatBytes(entry.size)}. Download the file for the rest.
        </p>
      )}
      <div className="min-h-0 grow">{rows.length > 0 ? <TablePreview rows={rows} /> : <TextLines text="" />}</div>
    </div>
  );
}
