import { lazy, Suspense, useMemo } from "react";
import { useArtifactBytes, versionOf } from "@/api/artifacts";
import { failureOf, useArtifactHead, useArtifacts } from "@/api/queries";
import type { ArtifactInfo } from "@/api/types";
import { TextLines } from "@/preview/text-lines";
import { formatBytes } from "@/state/format";
import { EmptyState, ErrorState, Skeleton } from "@/ui/state-views";
import { ArrayList } from "./array-list";
import { extensionOf, languageOf, previewKind } from "./kinds";
import { Media } from "./media-file";
import { Pdf } from "./pdf";
import { Picture } from "./picture";
import { ServerTable } from "./server-table";

const ArrayView = lazy(() => import("@/preview/array-view").then((module) => ({ default: module.ArrayView })));
const TextBody = lazy(() => import("./text-body").then((module) => ({ default: module.TextBody })));

const textBytes = 1024 * 1024;
const arrayBytes = 16 * 1024 * 1024;

/** The folder that a file lies in, and its entry there. */
export function useEntry(runId: string, path: string) {
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
  const list = useArtifacts(runId, folder);
  return { list, entry: list.data?.entries.find((one) => one.path === path && !one.isFolder) };
}

/** What a file of a run holds, by its kind; `raw` shows the text behind a preview. */
export function FileView({ runId, path, raw = false }: { runId: string; path: string; raw?: boolean }) {
  const { list, entry } = useEntry(runId, path);
  const failure = failureOf(list);
  if (failure)
    return <ErrorState what="The file could not be found" error={failure} onRetry={() => void list.refetch()} />;
  if (!list.data) return <Skeleton className="m-4 h-64" />;
  if (!entry)
    return (
      <EmptyState title="There is no such file">It may have been deleted or moved since this link was made.</EmptyState>
    );
  return <Content runId={runId} entry={entry} raw={raw} />;
}

function Content({ runId, entry, raw }: { runId: string; entry: ArtifactInfo; raw: boolean }) {
  const kind = previewKind(entry.path);
  if (kind === "none")
    return (
      <EmptyState title="This kind of file has no preview" className="h-full">
        Download it to open it.
      </EmptyState>
    );
  if (kind === "image" && !raw) return <Picture key={versionOf(entry)} runId={runId} entry={entry} />;
  if (kind === "audio" || kind === "video") return <Media runId={runId} entry={entry} kind={kind} />;
  if (kind === "pdf") return <Pdf runId={runId} entry={entry} />;
  if (kind === "array") return <ArrayFile key={versionOf(entry)} runId={runId} entry={entry} />;
  if (kind === "arrays") return <ArrayList key={versionOf(entry)} runId={runId} entry={entry} />;
  if (kind === "table" && !raw) return <ServerTable key={versionOf(entry)} runId={runId} entry={entry} />;
  return <TextFile runId={runId} entry={entry} raw={raw} />;
}

/** The beginning of an array is drawn here; its rows come from the server, however many there are. */
function ArrayFile({ runId, entry }: { runId: string; entry: ArtifactInfo }) {
  const read = useArtifactBytes(runId, entry, arrayBytes);
  const failure = failureOf(read);
  if (failure)
    return <ErrorState what="The file could not be read" error={failure} onRetry={() => void read.refetch()} />;
  if (!read.data) return <Skeleton className="m-4 h-64" />;
  return (
    <Suspense fallback={<Skeleton className="m-4 h-64" />}>
      <ArrayView bytes={read.data}>
        <ServerTable runId={runId} entry={entry} firstRow={0} />
      </ArrayView>
    </Suspense>
  );
}

function TextFile({ runId, entry, raw }: { runId: string; entry: ArtifactInfo; raw: boolean }) {
  // Notebooks, figures and pages cannot be read by halves.
  const whole = ["notebook", "figure", "html", "json"].includes(previewKind(entry.path)) && !raw;
  const head = useArtifactHead(runId, entry.path, versionOf(entry), textBytes * (whole ? 16 : 1), entry.size);
  const failure = failureOf(head);
  const text = useMemo(() => head.data?.text ?? "", [head.data]);
  if (failure)
    return <ErrorState what="The file could not be read" error={failure} onRetry={() => void head.refetch()} />;
  if (!head.data) return <Skeleton className="m-4 h-64" />;
  const cut = head.data.read < entry.size;
  return (
    <div className="flex h-full flex-col">
      {cut && (
        <p className="shrink-0 bg-warn-soft px-4 py-1.5 text-xs text-warn">
          The first {formatBytes(head.data.read)} of {formatBytes(entry.size)}. Download the file for the rest.
        </p>
      )}
      <div className="min-h-0 grow overflow-auto">
        {raw || cut || previewKind(entry.path) === "text" ? (
          <TextLines text={text} language={extensionOf(entry.path) === "log" ? undefined : languageOf(entry.path)} />
        ) : (
          <Suspense fallback={<Skeleton className="m-4 h-64" />}>
            <TextBody path={entry.path} text={text} table={<ServerTable runId={runId} entry={entry} />} />
          </Suspense>
        )}
      </div>
    </div>
  );
}
