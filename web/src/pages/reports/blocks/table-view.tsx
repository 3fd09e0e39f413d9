import { failureOf } from "@/api/queries";
import type { RunRow } from "@/api/types";
import { RunCell } from "@/pages/experiment/run-cell";
import { formatCount, plural } from "@/state/format";
import { type Column, cellText, columnOf, wantedKeys } from "@/table/columns";
import { cx } from "@/ui/classes";
import type { TableBlock } from "./block";
import { Fault, Frame, Waiting } from "./frame";
import { useChosen } from "./use-chosen";

const firstColumns = ["status", "start_time", "duration"];

export function TableView({ block }: { block: TableBlock }) {
  const ids = block.columns.length > 0 ? block.columns : firstColumns;
  const columns = ["name", ...ids.filter((id) => id !== "name")].map(columnOf).filter((column) => column !== undefined);
  const unknown = ids.filter((id) => columnOf(id) === undefined);
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
                      <RunCell
                        row={row}
                        column={column}
                        style={undefined}
                        parent={undefined}
                        depth={undefined}
                        fold={undefined}
                        onFold={() => undefined}
                      />
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

/** Params are text; where all of them are numbers they stand like numbers. */
function allNumbers(rows: readonly RunRow[], column: Column): boolean {
  if (column.kind !== "param") return false;
  const cells = rows.map((row) => cellText(row, column)).filter((cell) => !cell.missing);
  return cells.length > 0 && cells.every(({ text }) => text.trim() !== "" && !Number.isNaN(Number(text)));
}
