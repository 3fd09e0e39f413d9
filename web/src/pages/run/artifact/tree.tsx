import {
  ChevronRight,
  Download,
  File,
  FileBraces,
  FileChartColumn,
  FileDiff,
  FileHeadphone,
  FileImage,
  FilePlay,
  FileSpreadsheet,
  FileText,
  Folder,
  type LucideIcon,
  NotebookText,
} from "lucide-react";
import { useState } from "react";
import { folderUrl } from "@/api/artifacts";
import { failureOf, useArtifacts } from "@/api/queries";
import type { ArtifactInfo } from "@/api/types";
import { formatBytes, plural } from "@/state/format";
import { Button } from "@/ui/button";
import { cx } from "@/ui/classes";
import { type PreviewKind, previewKind } from "./kinds";

interface TreeProps {
  runId: string;
  open: string | undefined;
  onOpen: (path: string) => void;
}

const signs: Record<PreviewKind, LucideIcon> = {
  image: FileImage,
  audio: FileHeadphone,
  video: FilePlay,
  markdown: FileText,
  json: FileBraces,
  figure: FileChartColumn,
  notebook: NotebookText,
  table: FileSpreadsheet,
  html: FileText,
  pdf: FileText,
  array: FileSpreadsheet,
  arrays: FileSpreadsheet,
  diff: FileDiff,
  text: FileText,
  none: File,
};
const step = 500;

export const Tree = (props: TreeProps) => <Level {...props} path="" depth={0} />;

/** One folder; it is read when it is opened. */
function Level({ path, depth, ...rest }: TreeProps & { path: string; depth: number }) {
  const list = useArtifacts(rest.runId, path);
  const [shown, setShown] = useState(step);
  const entries = [...(list.data?.entries ?? [])].sort(
    (a, b) => Number(b.isFolder) - Number(a.isFolder) || a.path.localeCompare(b.path, "en", { numeric: true }),
  );
  const indent = { paddingLeft: `${0.75 + depth * 1.1}rem` };
  const failure = failureOf(list);
  if (failure)
    return (
      <p role="alert" className="py-1 text-xs text-bad" style={indent}>
        {failure.message}
      </p>
    );
  if (!list.data)
    return (
      <p className="py-1 text-xs text-ink-3" style={indent}>
        Reading…
      </p>
    );
  return (
    <ul>
      {entries
        .slice(0, shown)
        .map((entry) =>
          entry.isFolder ? (
            <FolderRow key={entry.path} entry={entry} depth={depth} {...rest} />
          ) : (
            <FileRow key={entry.path} entry={entry} depth={depth} {...rest} />
          ),
        )}
      {entries.length > shown && (
        <li style={indent}>
          <Button look="ghost" onClick={() => setShown(shown + step)}>
            {plural(entries.length - shown, "more file")}
          </Button>
        </li>
      )}
    </ul>
  );
}

const nameOf = (entry: ArtifactInfo) => entry.path.slice(entry.path.lastIndexOf("/") + 1);
const row =
  "flex h-8 w-full items-center gap-2 pr-4 text-left text-sm transition-colors -outline-offset-2 hover:bg-hover";

function FolderRow({ entry, depth, ...rest }: TreeProps & { entry: ArtifactInfo; depth: number }) {
  const [expanded, setExpanded] = useState(rest.open?.startsWith(`${entry.path}/`) ?? false);
  return (
    <li className="group/folder relative">
      <button
        type="button"
        aria-expanded={expanded}
        onClick={() => setExpanded(!expanded)}
        className={row}
        style={{ paddingLeft: `${0.75 + depth * 1.1}rem` }}
      >
        <ChevronRight className={cx("size-3.5 shrink-0 text-ink-3 transition-transform", expanded && "rotate-90")} />
        <Folder className="size-4 shrink-0 text-ink-3" />
        <span className="min-w-0 grow truncate">{nameOf(entry)}</span>
        <span className="num text-xs text-ink-3">{formatBytes(entry.size)}</span>
      </button>
      <a
        href={folderUrl(rest.runId, entry.path)}
        download
        aria-label={`Download ${nameOf(entry)} as a zip file`}
        title={`Download ${nameOf(entry)} as a zip file`}
        className="absolute top-1 right-3 grid size-6 place-items-center rounded-sm bg-hover text-ink-2 opacity-0 hover:text-ink focus-visible:opacity-100 group-hover/folder:opacity-100"
      >
        <Download className="size-3.5" />
      </a>
      {expanded && <Level {...rest} path={entry.path} depth={depth + 1} />}
    </li>
  );
}

function FileRow({ entry, depth, open, onOpen }: TreeProps & { entry: ArtifactInfo; depth: number }) {
  const Sign = signs[previewKind(entry.path)];
  const current = open === entry.path;
  return (
    <li>
      <button
        type="button"
        aria-current={current}
        onClick={() => onOpen(entry.path)}
        className={cx(row, current && "bg-selected hover:bg-selected")}
        style={{ paddingLeft: `${0.75 + depth * 1.1 + 1.35}rem` }}
      >
        <Sign className="size-4 shrink-0 text-ink-3" />
        <span className="min-w-0 grow truncate" title={entry.path}>
          {nameOf(entry)}
        </span>
        <span className="num text-xs text-ink-3">{formatBytes(entry.size)}</span>
      </button>
    </li>
  );
}
