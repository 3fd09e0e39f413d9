import { useMemo, useState } from "react";
import { comparedFiles, useManyFiles } from "@/api/details";
import type { RunRow } from "@/api/types";
import { colourVariable, styleRuns } from "@/charts/prepare/colours";
import { matchKeys } from "@/charts/prepare/groups";
import { formatBytes, formatCount } from "@/state/format";
import { useAddress } from "@/state/search";
import { VirtualTable } from "@/table/virtual-table";
import { cx } from "@/ui/classes";
import { CheckBox, SearchField } from "@/ui/fields";
import { EmptyState, ErrorState, Skeleton } from "@/ui/state-views";
import { FileDifference } from "./file-difference";
import { compareFiles } from "./files";

/** The files of the runs beside each other, and the difference of one of them between two runs. */
export function FilesTab({ rows }: { rows: readonly RunRow[] }) {
  const [search, change] = useAddress();
  const [text, setText] = useState("");
  const ids = useMemo(() => rows.map((row) => row.info.id), [rows]);
  const styles = useMemo(() => styleRuns(ids), [ids]);
  const { data, error, cut } = useManyFiles(ids);
  const all = useMemo(() => (data ? compareFiles(data) : []), [data]);
  const everything = search.same === "show";
  const shown = useMemo(() => {
    const open = all.filter((row) => everything || row.differs);
    const names = new Set(
      matchKeys(
        open.map((row) => row.path),
        text,
      ).keys,
    );
    return open.filter((row) => names.has(row.path));
  }, [all, everything, text]);
  if (!data)
    return error ? (
      <ErrorState what="The files could not be listed" error={error} />
    ) : (
      <Skeleton className="mx-4 my-5 h-72 sm:mx-6" />
    );
  const chosen = all.find((row) => row.path === search.file);
  const columns = [
    { id: "path", width: 280, run: -1 },
    ...rows.map(({ info }, run) => ({ id: info.id, width: 150, run })),
  ];
  return (
    <div className="space-y-4 px-4 py-5 sm:px-6">
      <div className="flex flex-wrap items-center gap-4">
        <div data-shortcut="/" className="w-full sm:w-64">
          <SearchField label="Search files" hint="Text, or a regular expression" value={text} onChange={setText} />
        </div>
        <CheckBox
          label="Only differences"
          checked={!everything}
          onChange={(event) => change({ same: event.target.checked ? undefined : "show" })}
          className="text-ink-2"
        />
        <span className="num text-xs text-ink-3">
          {formatCount(shown.length)} of {formatCount(all.length)} files
          {cut && `; of each run the first ${formatCount(comparedFiles)}`}
        </span>
      </div>
      {shown.length === 0 ? (
        <EmptyState
          title={
            all.length === 0
              ? "These runs have no files"
              : text
                ? "No file is called like that"
                : "The files of these runs do not differ"
          }
        />
      ) : (
        <VirtualTable
          label="Files of the runs"
          className={cx(
            "rounded-lg border border-line shadow-card",
            chosen ? "h-[min(20rem,40dvh)]" : "h-[calc(100dvh-17rem)] min-h-64",
          )}
          columns={columns}
          pinned={1}
          rowCount={shown.length}
          rowHeight={30}
          rowKey={(row) => shown[row]?.path ?? String(row)}
          onRowKey={(row, event) => event.key === "Enter" && change({ file: shown[row]?.path }, true)}
          selected={(row) => shown[row]?.path === search.file}
          head={(column) =>
            column.run < 0 ? (
              <span className="px-3 text-xs font-medium text-ink-3">File</span>
            ) : (
              <span
                className="flex min-w-0 items-center gap-2 px-3 text-xs font-medium"
                title={rows[column.run]?.info.name}
              >
                <span
                  aria-hidden="true"
                  className="size-2.5 shrink-0 rounded-full"
                  style={{ background: colourVariable(styles.get(column.id)) }}
                />
                <span className="truncate">{rows[column.run]?.info.name}</span>
              </span>
            )
          }
          cell={(at, column) => {
            const row = shown[at];
            if (!row) return null;
            if (column.run < 0)
              return (
                <button
                  type="button"
                  title={row.path}
                  onClick={() => change({ file: row.path === search.file ? undefined : row.path }, true)}
                  className="mx-2 min-w-0 truncate rounded-sm px-1 text-left hover:text-accent hover:underline"
                >
                  {row.path}
                </button>
              );
            const file = row.files[column.run];
            const version = row.versions[column.run] ?? -1;
            return (
              <span className="num flex items-center gap-2 px-3 text-xs" title={file?.sha256}>
                {file ? formatBytes(file.size) : <span className="text-ink-3">–</span>}
                {file && row.differs && version > 0 && (
                  <span
                    className="rounded-sm bg-warn-soft px-1 text-2xs font-medium text-warn"
                    title="Which of the different contents this run has"
                  >
                    version {version + 1}
                  </span>
                )}
              </span>
            );
          }}
        />
      )}
      {chosen && <FileDifference key={chosen.path} row={chosen} runs={rows.map((row) => row.info)} />}
    </div>
  );
}
