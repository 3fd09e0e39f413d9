import { useMemo, useState } from "react";
import { failureOf } from "@/api/queries";
import { rowsOf, useRows } from "@/api/rows";
import type { ArtifactInfo } from "@/api/types";
import { cellText } from "@/preview/values";
import { formatBytes, plural } from "@/state/format";
import { cx } from "@/ui/classes";
import { EmptyState, ErrorState, Skeleton } from "@/ui/state-views";
import { ServerTable } from "./server-table";

/** The arrays of a .npz file, and the rows of the chosen one. */
export function ArrayList({ runId, entry }: { runId: string; entry: ArtifactInfo }) {
  const reader = useMemo(() => rowsOf(runId, entry), [runId, entry]);
  const { first } = useRows(reader);
  const [chosen, setChosen] = useState<string>();
  const failure = failureOf(first);
  if (failure)
    return <ErrorState what="The file cannot be shown" error={failure} onRetry={() => void first.refetch()} />;
  if (!first.data) return <Skeleton className="m-4 h-64" />;
  const { rows, total = 0 } = first.data;
  const arrays = rows.map(([name, type, shape, bytes]) => ({
    name: cellText(name),
    facts: type ? `${cellText(type)} ${cellText(shape)}` : "not an array that can be shown",
    readable: type !== null,
    bytes: Number(bytes),
  }));
  const open = chosen ?? arrays.find((array) => array.readable)?.name;
  if (arrays.length === 0) return <EmptyState title="The file has no arrays" />;
  return (
    <div className="flex h-full flex-col">
      <ul
        aria-label="Arrays of the file"
        className="max-h-52 shrink-0 overflow-auto border-b border-line py-1 max-lg:max-h-40"
      >
        {arrays.map((array) => (
          <li key={array.name}>
            <button
              type="button"
              aria-current={open === array.name}
              disabled={!array.readable}
              onClick={() => setChosen(array.name)}
              className={cx(
                "flex h-7 w-full items-center gap-4 px-4 text-left text-sm -outline-offset-2 transition-colors enabled:hover:bg-hover",
                open === array.name && "bg-selected enabled:hover:bg-selected",
              )}
            >
              <span className={cx("min-w-0 truncate", !array.readable && "text-ink-3")} title={array.name}>
                {array.name}
              </span>
              <span className="num shrink-0 text-xs text-ink-2">{array.facts}</span>
              <span className="num ml-auto shrink-0 text-xs text-ink-3">{formatBytes(array.bytes)}</span>
            </button>
          </li>
        ))}
        {total > arrays.length && (
          <li className="px-4 py-1.5 text-xs text-warn">
            The first {plural(arrays.length, "array")} of {total}. Download the file for the rest.
          </li>
        )}
      </ul>
      <div className="min-h-0 grow">
        {open !== undefined && <ServerTable key={open} runId={runId} entry={entry} part={open} firstRow={0} />}
      </div>
    </div>
  );
}
