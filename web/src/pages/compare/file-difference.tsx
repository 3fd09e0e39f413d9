import { useMemo, useState } from "react";
import { versionOf } from "@/api/artifacts";
import { failureOf, useArtifactHead } from "@/api/queries";
import type { ArtifactInfo, RunInfo } from "@/api/types";
import { diffLines, withContext } from "@/preview/diff";
import { Changed, DiffLines } from "@/preview/diff-view";
import { Card } from "@/ui/card";
import { EmptyState, ErrorState, Skeleton } from "@/ui/state-views";
import { FileView } from "../run/artifact/file-view";
import { previewKind } from "../run/artifact/kinds";
import type { FileRow } from "./files";

const textBytes = 512 * 1024;
const texts = ["text", "json", "markdown", "table", "html", "diff", "notebook", "figure"];

/** One file in two of the runs: its lines that differ, or both beside each other where it has no lines. */
export function FileDifference({ row, runs }: { row: FileRow; runs: readonly RunInfo[] }) {
  const having = row.files.flatMap((file, at) => (file ? [at] : []));
  const [before, setBefore] = useState(having[0] ?? 0);
  const [after, setAfter] = useState(
    having.find((at) => row.versions[at] !== row.versions[having[0] ?? 0]) ?? having[1] ?? having[0] ?? 0,
  );
  const choose = (label: string, value: number, onChange: (at: number) => void) => (
    <select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(Number(event.target.value))}
      className="h-7 max-w-48 rounded-md border border-line-strong bg-surface px-1.5 text-xs"
    >
      {having.map((at) => (
        <option key={at} value={at}>
          {runs[at]?.name}
        </option>
      ))}
    </select>
  );
  const [one, other] = [row.files[before], row.files[after]];
  const [first, second] = [runs[before], runs[after]];
  return (
    <Card
      title={<span className="font-mono text-xs">{row.path}</span>}
      aside={
        <div className="flex items-center gap-2">
          {choose("From run", before, setBefore)}
          <span className="text-ink-3">to</span>
          {choose("To run", after, setAfter)}
        </div>
      }
    >
      {!one || !other || !first || !second ? null : one.sha256 !== undefined && one.sha256 === other.sha256 ? (
        <EmptyState title="The same content" />
      ) : texts.includes(previewKind(row.path)) && !row.path.endsWith(".parquet") ? (
        <Lines before={{ run: first, file: one }} after={{ run: second, file: other }} />
      ) : (
        <div className="grid divide-line max-lg:divide-y lg:grid-cols-2 lg:divide-x">
          {[first, second].map((run) => (
            <div key={run.id} className="h-96 min-w-0 overflow-auto">
              <p className="border-b border-line px-4 py-1.5 text-xs text-ink-3">{run.name}</p>
              <FileView runId={run.id} path={row.path} />
            </div>
          ))}
        </div>
      )}
    </Card>
  );
}

interface Side {
  run: RunInfo;
  file: ArtifactInfo;
}

function Lines({ before, after }: { before: Side; after: Side }) {
  const one = useArtifactHead(before.run.id, before.file.path, versionOf(before.file), textBytes, before.file.size);
  const other = useArtifactHead(after.run.id, after.file.path, versionOf(after.file), textBytes, after.file.size);
  const lines = useMemo(
    () => (one.data && other.data ? diffLines(one.data.text, other.data.text) : undefined),
    [one.data, other.data],
  );
  const failure = failureOf(one) ?? failureOf(other);
  if (failure) return <ErrorState what="The file could not be read" error={failure} />;
  if (!lines || !one.data || !other.data) return <Skeleton className="m-4 h-40" />;
  const cut = one.data.read < before.file.size || other.data.read < after.file.size;
  const count = (kind: "old" | "new") => lines.filter((line) => line.kind === kind).length;
  return (
    <>
      <p className="flex items-center gap-3 px-4 py-1.5 text-xs text-ink-3">
        <Changed added={count("new")} removed={count("old")} />
        {cut && <span className="text-warn">Only the beginnings of these long files are compared.</span>}
      </p>
      <DiffLines label={`Difference of ${before.file.path}`} lines={withContext(lines)} />
    </>
  );
}
