import { useMemo } from "react";
import { artifactUrl } from "@/api/calls";
import { type DataColumn, DataTable } from "@/preview/data-table";
import { cellText, namesOf, tableWidths } from "@/preview/values";
import { plural } from "@/state/format";
import type { FileCell, MediaTable } from "./shapes";

const isFile = (cell: unknown): cell is FileCell => typeof cell === "object" && cell !== null;

/** A table that a run logged; pictures and sound stand in its cells. */
export function MediaTableView({ runId, title, table }: { runId: string; title: string; table: MediaTable }) {
  const { columns, places, pictures } = useMemo(() => {
    const sample = table.rows.slice(0, 60);
    const names = namesOf(table.columns);
    const widths = tableWidths([
      names,
      ...sample.map((row) => row.map((cell) => (isFile(cell) ? "" : cellText(cell)))),
    ]);
    return {
      pictures: sample.some((row) => row.some(isFile)),
      places: new Map(names.map((name, at) => [name, at])),
      columns: names.map(
        (name, at): DataColumn => ({
          id: name,
          name,
          width: sample.some((row) => isFile(row[at])) ? 180 : (widths[at] ?? 120),
          number: sample.length > 0 && sample.every((row) => row[at] === null || typeof row[at] === "number"),
        }),
      ),
    };
  }, [table]);
  return (
    <DataTable
      label={title}
      columns={columns}
      rowCount={table.rows.length}
      rowHeight={pictures ? 72 : 28}
      value={(row, column) => table.rows[row]?.[places.get(column.id) ?? 0]}
      draw={(cell) => (isFile(cell) ? <FileInCell runId={runId} cell={cell} /> : undefined)}
      count={`${plural(table.rows.length, "row")}, ${plural(table.columns.length, "column")}`}
    />
  );
}

function FileInCell({ runId, cell }: { runId: string; cell: FileCell }) {
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
