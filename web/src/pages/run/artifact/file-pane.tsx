import { Download } from "lucide-react";
import { useState } from "react";
import { artifactUrl } from "@/api/calls";
import { formatBytes, shorten } from "@/state/format";
import { CopyButton } from "@/ui/copy";
import { Choice } from "@/ui/fields";
import { Ago } from "@/ui/time";
import { FileView, useEntry } from "./file-view";
import { extensionOf, type PreviewKind, previewKind } from "./kinds";

/** What a preview is called beside the text that it is made of; absent where there is no text, or nothing but it. */
const views: Partial<Record<PreviewKind, string>> = {
  markdown: "Page",
  html: "Page",
  json: "View",
  figure: "Figure",
  notebook: "Notebook",
  table: "Table",
  diff: "Changes",
};

/** One file: its facts, a preview when its kind has one, the download always. */
export function FilePane({ runId, path }: { runId: string; path: string }) {
  const { entry } = useEntry(runId, path);
  const [raw, setRaw] = useState(false);
  const extension = extensionOf(path);
  const view = extension === "parquet" ? undefined : extension === "svg" ? "Image" : views[previewKind(path)];
  return (
    <>
      <header className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-2.5">
        <h2 className="min-w-0 truncate font-medium" title={path}>
          {path}
        </h2>
        {entry && (
          <>
            <span className="num text-ink-2" title={`${entry.size} bytes`}>
              {formatBytes(entry.size)}
            </span>
            <span className="text-ink-2">
              <Ago time={entry.updatedAt} />
            </span>
            {entry.sha256 && (
              <CopyButton
                text={entry.sha256}
                label="Copy the SHA-256"
              >{`sha256 ${shorten(entry.sha256, 10)}`}</CopyButton>
            )}
          </>
        )}
        <span className="grow" />
        {entry && view && (
          <Choice
            label="Show as"
            value={raw ? "text" : "view"}
            onChange={(next) => setRaw(next === "text")}
            options={[
              ["view", view],
              ["text", "Text"],
            ]}
          />
        )}
        {entry && (
          <a
            href={artifactUrl(runId, path, true)}
            download
            title="Download the file"
            className="inline-flex h-8 items-center gap-1.5 rounded-md border border-line-strong bg-surface px-2.5 text-sm font-medium shadow-card transition-colors hover:bg-hover"
          >
            <Download className="size-4" />
            <span className="max-sm:sr-only">Download</span>
          </a>
        )}
      </header>
      <div className="min-h-0 grow overflow-auto bg-surface">
        <FileView runId={runId} path={path} raw={raw} />
      </div>
    </>
  );
}
