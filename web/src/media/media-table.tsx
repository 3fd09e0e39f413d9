import { useMemo } from "react";
import { artifactUrl } from "@/api/calls";
import { cellText, tableWidths } from "@/preview/values";
import { formatNumber, plural } from "@/state/format";
import { VirtualTable } from "@/table/virtual-table";
import type { MediaTable, TableCell } from "./shapes";

const isFile = (cell: TableCell | undefined) => typeof cell === "object" && cell !== null;

/** A table that a run logged; pictures and sound stand in its cells. */
export function MediaTableView({ runId, title, table }: { runId: string; title: string; table: MediaTable }) {
  const { columns, pictures } = useMemo(() => {
    const sample = table.rows.slice(0, 60);
    const widths = tableWidths([
      table.columns,
      ...sample.map((row) => row.map((cell) => (isFile(cell) ? "" : cellText(cell)))),
    ]);
    return {
      pictures: sample.some((row) => row.some(isFile)),
      columns: table.columns.map((name, at) => ({
        id: String(at),
        at,
        name,
        width: sample.some((row) => isFile(row[at])) ? 180 : (widths[at] ?? 120),
        number: sample.length > 0 && sample.every((row) => row[at] === null || typeof row[at] === "number"),
      })),
    };
  }, [table]);
  return (
    <div className="flex h-full flex-col">
      <VirtualTable
        label={title}
        className="min-h-0 grow"
        columns={columns}
        pinned={0}
        rowCount={table.rows.length}
        rowHeight={pictures ? 72 : 28}
        rowKey={String}
        head={(column) => (
          <span
            className={`w-full truncate px-3 text-xs font-medium text-ink-2 ${column.number ? "text-right" : ""}`}
            title={column.name}
          >
            {column.name}
          </span>
        )}
        cell={(row, column) => <Cell runId={runId} cell={table.rows[row]?.[column.at]} number={column.number} />}
      />
      <p className="num shrink-0 border-t border-line px-4 py-1.5 text-xs text-ink-3">
        {plural(table.rows.length, "row")}, {plural(table.columns.length, "column")}
      </p>
    </div>
  );
}

function Cell({ runId, cell, number }: { runId: string; cell: TableCell | undefined; number: boolean }) {
  if (typeof cell === "object" && cell !== null) {
    const source = artifactUrl(runId, cell.path);
    if (cell.type === "image")
      return (
        <img src={source} alt={cell.path} loading="lazy" className="mx-3 max-h-16 max-w-36 rounded-sm object-contain" />
      );
    const shared = {
      src: source,
      controls: true,
      preload: "none",
      "aria-label": cell.path,
      className: "mx-2 h-14 w-40",
    } as const;
    return cell.type === "audio" ? <audio {...shared} /> : <video {...shared} />;
  }
  return (
    <span className={`num w-full truncate px-3 ${number ? "text-right" : ""}`} title={cellText(cell)}>
      {typeof cell === "number" ? formatNumber(cell, 7) : cellText(cell)}
    </span>
  );
}
