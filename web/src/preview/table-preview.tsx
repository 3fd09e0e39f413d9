import { useMemo } from "react";
import { formatCount } from "@/state/format";
import { VirtualTable } from "@/table/virtual-table";
import { tableWidths } from "./values";

/** Rows of texts as a table, the first one as its head; `firstRow` is the number that the next one shows. */
export function TablePreview({ rows, firstRow = 1 }: { rows: readonly (readonly string[])[]; firstRow?: number }) {
  const [head = [], ...body] = rows;
  const columns = useMemo(() => {
    const widths = tableWidths(rows);
    const number = widths.map((_, at) =>
      rows.slice(1, 40).every((row) => row[at] === undefined || row[at] === "" || Number.isFinite(Number(row[at]))),
    );
    return [
      { id: "row", width: 64, at: -1, number: true },
      ...widths.map((width, at) => ({ id: String(at), width, at, number: number[at] ?? false })),
    ];
  }, [rows]);
  return (
    <div className="flex h-full min-h-64 flex-col max-lg:max-h-[70dvh]">
      <VirtualTable
        label="Rows of the file"
        className="min-h-0 grow"
        columns={columns}
        pinned={1}
        rowCount={body.length}
        rowHeight={28}
        rowKey={String}
        head={(column) => (
          <span
            className={`w-full truncate px-3 text-xs font-medium text-ink-2 ${column.number ? "text-right" : ""}`}
            title={head[column.at]}
          >
            {column.at < 0 ? "" : head[column.at]}
          </span>
        )}
        cell={(row, column) =>
          column.at < 0 ? (
            <span className="num w-full px-3 text-right text-xs text-ink-3">{row + firstRow}</span>
          ) : (
            <span
              className={`num w-full truncate px-3 ${column.number ? "text-right" : ""}`}
              title={body[row]?.[column.at]}
            >
              {body[row]?.[column.at]}
            </span>
          )
        }
      />
      <p className="num shrink-0 border-t border-line px-4 py-1.5 text-xs text-ink-3">
        {formatCount(body.length)} rows, {formatCount(head.length)} columns
      </p>
    </div>
  );
}
