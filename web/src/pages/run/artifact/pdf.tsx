import { useEffect, useState } from "react";
import { useArtifactBytes } from "@/api/artifacts";
import { failureOf } from "@/api/queries";
import type { ArtifactInfo } from "@/api/types";
import { formatBytes } from "@/state/format";
import { EmptyState, ErrorState, Skeleton } from "@/ui/state-views";

const most = 64 * 1024 * 1024;

/** A PDF in the browser's own reader. The file's answer is sandboxed, where no reader opens; its bytes as nothing but a PDF are not. */
export function Pdf({ runId, entry }: { runId: string; entry: ArtifactInfo }) {
  if (entry.size > most)
    return (
      <EmptyState title="This PDF is too large for a preview" className="h-full">
        Previews end at {formatBytes(most)}. Download it to open it.
      </EmptyState>
    );
  if (!navigator.pdfViewerEnabled)
    return (
      <EmptyState title="This browser shows no PDF" className="h-full">
        Download it to open it.
      </EmptyState>
    );
  return <Reader runId={runId} entry={entry} />;
}

function Reader({ runId, entry }: { runId: string; entry: ArtifactInfo }) {
  const read = useArtifactBytes(runId, entry, most);
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (!read.data) return;
    const url = URL.createObjectURL(new Blob([read.data], { type: "application/pdf" }));
    setAddress(url);
    return () => URL.revokeObjectURL(url);
  }, [read.data]);
  const failure = failureOf(read);
  if (failure)
    return <ErrorState what="The file could not be read" error={failure} onRetry={() => void read.refetch()} />;
  if (!address) return <Skeleton className="m-4 h-64" />;
  return <iframe title={entry.path} src={address} className="block h-full min-h-[70dvh] w-full" />;
}
