import { type ReactNode, useMemo } from "react";
import { failureOf } from "@/api/queries";
import { type RowReader, useRows } from "@/api/rows";
import { formatCount, plural } from "@/state/format";
import { EmptyState, ErrorState, Skeleton } from "@/ui/state-views";
import { type DataColumn, DataTable } from "./data-table";
import { mostRows, valueIn } from "./row-blocks";
import { cellText, tableWidths } from "./values";

interface RowsTableProps {
  label: string;
  reader: RowReader;
  firstRow?: number;
  /** Stands above the rows when there are some. */
  children?: ReactNode;
}

/** The rows of something tabular, read as they come near the screen. */
export function RowsTable({ label, reader, firstRow = 1, children }: RowsTableProps) {
  const { first, known, failed, look, pageOf, further } = useRows(reader);
  const page = first.data;
  const columns = useMemo<DataColumn[]>(() => {
    const sample = page?.rows.slice(0, 60) ?? [];
    const widths = tableWidths([
      known.columns.map((column) => column.name),
      ...sample.map((_, row) => known.columns.map((column) => (page ? cellText(valueIn(page, row, column.name)) : ""))),
    ]);
    return known.columns.map((column, at) => ({
      id: column.name,
      name: column.name,
      type: column.type,
      width: widths[at] ?? 120,
      number: column.type === "number",
    }));
  }, [known.columns, page]);
  const failure = failureOf(first);
  if (failure)
    return (
      <ErrorState what="The file cannot be shown as a table" error={failure} onRetry={() => void first.refetch()} />
    );
  if (!page) return <Skeleton className="m-4 h-64" />;
  if (known.rows === 0)
    return (
      <EmptyState title="The file has no rows">
        {known.columns.length > 0 && `It has ${plural(known.columns.length, "column")}.`}
      </EmptyState>
    );
  const rows = Math.min(known.rows + further, mostRows);
  return (
    <div className="flex h-full min-h-64 flex-col max-lg:max-h-[70dvh]">
      {children}
      {page.remarks.length > 0 && (
        <p className="shrink-0 truncate bg-warn-soft px-4 py-1.5 text-xs text-warn" title={page.remarks.join("\n")}>
          {page.remarks[0]}
          {page.remarks.length > 1 && ` And ${page.remarks.length - 1} more like this.`}
        </p>
      )}
      {failed && (
        <p role="alert" className="shrink-0 bg-bad-soft px-4 py-1.5 text-xs text-bad">
          {failed.message}
        </p>
      )}
      <div className="min-h-0 grow">
        <DataTable
          label={label}
          columns={columns}
          rowCount={rows}
          firstRow={firstRow}
          onWindow={look}
          loaded={(row) => pageOf(row) !== undefined}
          value={(row, column) => {
            const own = pageOf(row);
            return own && valueIn(own, row, column.id);
          }}
          count={
            <>
              {known.open ? `${formatCount(known.rows)}+ rows` : plural(known.rows, "row")},{" "}
              {plural(known.columns.length, "column")}
              {known.rows > mostRows && `; the first ${formatCount(mostRows)} rows are shown`}
            </>
          }
        />
      </div>
    </div>
  );
}
