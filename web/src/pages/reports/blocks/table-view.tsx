import { Link } from "@tanstack/react-router";
import { failureOf } from "@/api/queries";
import type { RunRow } from "@/api/types";
import { CellContent, DurationCell } from "@/pages/experiment/run-cell";
import { formatCount, plural } from "@/state/format";
import { type Column, cellText, columnOf } from "@/table/columns";
import { valueIn, wantedKeys } from "@/table/search-row";
import { standardSettings } from "@/table/settings";
import { cx } from "@/ui/classes";
import type { TableBlock } from "./block";
import { Fault, Frame, Waiting } from "./frame";
import { useChosen } from "./use-chosen";

const firstColumns = ["status", "start_time", "duration"];

export function TableView({ block }: { block: TableBlock }) {
  const ids = block.columns.length > 0 ? block.columns : firstColumns;
  const columns = ["name", ...ids.filter((id) => id !== "name")].map(readable).filter((column) => column !== undefined);
  const unknown = ids.filter((id) => readable(id) === undefined);
  const chosen = useChosen(block, block.limit, wantedKeys(columns));
  const failure = failureOf(chosen);
  if (unknown.length > 0)
    return <Fault what={`columns: ${unknown.join(", ")} are no fields; name them as params.lr or metrics.loss:min`} />;
  if (failure) return <Fault what={`The table could not be read. ${failure.message}`} />;
  if (!chosen.data) return <Waiting height={160} />;
  const { rows, total, exact } = chosen.data;
  const shown = columns.map((column) => ({ ...column, numeric: column.numeric || allNumbers(rows, column) }));
  return (
    <Frame
      busy={chosen.isPlaceholderData}
      caption={
        rows.length === 0
          ? "No run matches"
          : rows.length < total
            ? `First ${rows.length} of ${formatCount(total)}${exact ? "" : "+"} runs`
            : plural(rows.length, "run")
      }
    >
      <div className="overflow-x-auto rounded-lg border border-line">
        <table className="w-full text-sm">
          <thead>
            <tr className="border-b border-line bg-sunken">
              {shown.map((column) => (
                <th
                  key={column.id}
                  scope="col"
                  className={cx(
                    "h-8 px-3 font-medium whitespace-nowrap text-ink-2",
                    column.numeric ? "text-right" : "text-left",
                  )}
                >
                  {column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {rows.map((row) => (
              <tr key={row.info.id} className="hover:bg-hover/60">
                {shown.map((column) => (
                  <td key={column.id} className={cx("h-8 max-w-72", column.id === "name" && "pl-2")}>
                    <span className="flex">
                      <Cell row={row} column={column} />
                    </span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Frame>
  );
}

/** A column with values that a table of a report can show; curves are drawn by charts. */
function readable(id: string): Column | undefined {
  const column = columnOf(id);
  return column?.kind === "curve" ? undefined : column;
}

function Cell({ row, column }: { row: RunRow; column: Column }) {
  const { info } = row;
  if (column.id === "name")
    return (
      <Link
        to="/runs/$runId"
        params={{ runId: info.id }}
        className="truncate rounded-sm px-1 font-medium hover:text-accent hover:underline"
      >
        {info.name}
      </Link>
    );
  if (column.id === "duration")
    return <DurationCell start={info.startTime} end={info.endTime ?? null} status={info.status} />;
  const value = valueIn(row, column);
  const { text, full, missing } = cellText(value, column, standardSettings.digits);
  return (
    <span title={full} className={cx("num w-full truncate px-3", column.numeric && "text-right")}>
      {missing ? "–" : <CellContent column={column} value={value} text={text} />}
    </span>
  );
}

/** Params are text; where all of them are numbers they stand like numbers. */
function allNumbers(rows: readonly RunRow[], column: Column): boolean {
  if (column.kind !== "param") return false;
  const cells = rows
    .map((row) => cellText(valueIn(row, column), column, standardSettings.digits))
    .filter((cell) => !cell.missing);
  return cells.length > 0 && cells.every(({ text }) => text.trim() !== "" && !Number.isNaN(Number(text)));
}
