import { Download } from "lucide-react";
import { useMemo, useState } from "react";
import { artifactUrl } from "@/api/calls";
import { failureOf, useArtifactHead, useArtifacts } from "@/api/queries";
import type { ArtifactInfo } from "@/api/types";
import { formatBytes, shorten } from "@/state/format";
import { CopyButton } from "@/ui/copy";
import { Choice } from "@/ui/fields";
import { Markdown } from "@/ui/markdown";
import { EmptyState, ErrorState, Skeleton } from "@/ui/state-views";
import { Ago } from "@/ui/time";
import { JsonTree } from "./json-tree";
import { parseTable, previewKind } from "./kinds";
import { TablePreview } from "./table-preview";
import { TextLines } from "./text-lines";

const headBytes = 1024 * 1024;

/** One file: its facts, a preview when its kind has one, the download always. */
export function FilePane({ runId, path }: { runId: string; path: string }) {
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
  const list = useArtifacts(runId, folder);
  const entry = list.data?.entries.find((one) => one.path === path && !one.isFolder);
  const [raw, setRaw] = useState(false);
  const failure = failureOf(list);
  if (failure)
    return <ErrorState what="The file could not be found" error={failure} onRetry={() => void list.refetch()} />;
  if (!list.data) return <Skeleton className="m-6 h-64" />;
  if (!entry)
    return (
      <EmptyState title="There is no such file">It may have been deleted or moved since this link was made.</EmptyState>
    );
  const kind = previewKind(path);
  const hasRaw = kind === "markdown" || kind === "json" || kind === "table";
  return (
    <>
      <header className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-2.5">
        <h2 className="min-w-0 truncate font-medium" title={path}>
          {path}
        </h2>
        <span className="num text-ink-2" title={`${entry.size} bytes`}>
          {formatBytes(entry.size)}
        </span>
        <span className="text-ink-2">
          <Ago time={entry.updatedAt} />
        </span>
        {entry.sha256 && (
          <CopyButton text={entry.sha256} label="Copy the SHA-256">{`sha256 ${shorten(entry.sha256, 10)}`}</CopyButton>
        )}
        <span className="grow" />
        {hasRaw && (
          <Choice
            label="Show as"
            value={raw ? "text" : "view"}
            onChange={(next) => setRaw(next === "text")}
            options={[
              ["view", kind === "table" ? "Table" : kind === "json" ? "Tree" : "Page"],
              ["text", "Text"],
            ]}
          />
        )}
        <a
          href={artifactUrl(runId, path, true)}
          download
          className="inline-flex h-8 items-center gap-1.5 rounded-md border border-line-strong bg-surface px-2.5 text-sm font-medium shadow-card transition-colors hover:bg-hover"
        >
          <Download className="size-4" />
          Download
        </a>
      </header>
      <div className="min-h-0 grow overflow-auto bg-surface">
        {kind === "none" ? (
          <EmptyState title="This kind of file has no preview" className="h-full">
            Download it to open it.
          </EmptyState>
        ) : kind === "image" ? (
          <Picture key={path} runId={runId} entry={entry} />
        ) : (
          <TextFile runId={runId} entry={entry} raw={raw} />
        )}
      </div>
    </>
  );
}

function Picture({ runId, entry }: { runId: string; entry: ArtifactInfo }) {
  const [failures, setFailures] = useState(0);
  // An image does not say why it could not be loaded. Reading its file does; where that works, the image is tried once more.
  const read = useArtifactHead(runId, entry.path, versionOf(entry), 1, entry.size, failures === 1);
  const failure = failureOf(read);
  if (failure)
    return <ErrorState what="The file could not be read" error={failure} onRetry={() => void read.refetch()} />;
  if (failures === 1 && !read.data) return <Skeleton className="m-4 h-64" />;
  if (failures > 1)
    return (
      <EmptyState title="The image could not be shown">
        It may be damaged, or of a kind this browser does not know.
      </EmptyState>
    );
  return (
    <div className="grid min-h-full place-items-center bg-sunken p-4">
      <img
        key={failures}
        src={artifactUrl(runId, entry.path)}
        alt={entry.path}
        onError={() => setFailures(failures + 1)}
        className="max-h-[70dvh] max-w-full rounded-md border border-line bg-white object-contain"
      />
    </div>
  );
}

const versionOf = (entry: ArtifactInfo): string => entry.sha256 ?? String(entry.updatedAt);

function TextFile({ runId, entry, raw }: { runId: string; entry: ArtifactInfo; raw: boolean }) {
  const head = useArtifactHead(runId, entry.path, versionOf(entry), headBytes, entry.size);
  const failure = failureOf(head);
  if (failure)
    return <ErrorState what="The file could not be read" error={failure} onRetry={() => void head.refetch()} />;
  if (!head.data) return <Skeleton className="m-4 h-64" />;
  const { text, read } = head.data;
  const cut = read < entry.size;
  return (
    <div className="flex h-full flex-col">
      {cut && (
        <p className="shrink-0 bg-warn-soft px-4 py-1.5 text-xs text-warn">
          The first {formatBytes(read)} of {formatBytes(entry.size)}. Download the file for the rest.
        </p>
      )}
      <div className="min-h-0 grow overflow-auto">
        <Body path={entry.path} text={text} cut={cut} raw={raw} />
      </div>
    </div>
  );
}

function Body({ path, text, cut, raw }: { path: string; text: string; cut: boolean; raw: boolean }) {
  const kind = previewKind(path);
  const json = useMemo(() => (kind === "json" && !cut ? parseJson(text) : undefined), [kind, cut, text]);
  const rows = useMemo(() => {
    if (kind !== "table") return undefined;
    const all = parseTable(text, path.toLowerCase().endsWith(".tsv") ? "\t" : ",");
    // The last row of a part of a file may be half a row.
    return cut ? all.slice(0, -1) : all;
  }, [kind, path, text, cut]);
  if (raw || kind === "text") return <TextLines text={text} />;
  if (kind === "markdown")
    return (
      <div className="px-5 py-4">
        <Markdown text={text} />
      </div>
    );
  if (rows && rows.length > 0) return <TablePreview rows={rows} />;
  if (json && "value" in json) return <JsonTree value={json.value} />;
  return (
    <>
      {json && <p className="border-b border-line px-4 py-1.5 text-xs text-bad">Not valid JSON: {json.error}</p>}
      <TextLines text={text} />
    </>
  );
}

function parseJson(text: string): { value: unknown } | { error: string } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (cause) {
    return { error: cause instanceof Error ? cause.message : String(cause) };
  }
}
