import { type KeyboardEvent, type ReactNode, useMemo, useState } from "react";
import { formatCount, formatNumber } from "@/state/format";
import { VirtualTable } from "@/table/virtual-table";
import { cx } from "@/ui/classes";
import { CopyButton, toClipboard } from "@/ui/copy";
import { notify, notifyError } from "@/ui/toast";
import { cellText } from "./values";

export interface DataColumn {
  id: string;
  name: string;
  /** What its values are, in a word. */
  type?: string | undefined;
  width: number;
  /** Whether its values stand at the right edge, as numbers do. */
  number: boolean;
}

interface DataTableProps {
  label: string;
  columns: readonly DataColumn[];
  rowCount: number;
  rowHeight?: number;
  /** The number that the first row shows. */
  firstRow?: number;
  /** A value; absent where the row ends before the column. */
  value: (row: number, column: DataColumn) => unknown;
  /** Whether a row is there yet. */
  loaded?: (row: number) => boolean;
  /** What stands in the cell instead of the value's text. */
  draw?: (value: unknown) => ReactNode;
  /** How much there is, in words. */
  count: ReactNode;
  onWindow?: (rows: readonly [number, number]) => void;
}

const numbers: DataColumn = { id: "#", name: "", width: 64, number: true };

/** A value as the table shows it: numbers that are no texts of a file with so many digits as can be read. */
const shownText = (value: unknown): string =>
  typeof value === "number" && !Number.isInteger(value) ? formatNumber(value, 7) : cellText(value);

/** Rows of values: their numbers, the types of the columns, and the exact value of the chosen cell to read and to copy. */
export function DataTable(props: DataTableProps) {
  const { columns, rowCount, rowHeight = 28, firstRow = 1, value, loaded = () => true } = props;
  const [chosen, setChosen] = useState<{ row: number; at: number }>();
  const all = useMemo(() => {
    const digits = formatCount(rowCount + firstRow).length;
    return [{ ...numbers, width: Math.max(48, 26 + digits * 7) }, ...columns];
  }, [columns, rowCount, firstRow]);
  const column = chosen && columns[chosen.at];
  const exact = chosen && column && loaded(chosen.row) ? cellText(value(chosen.row, column)) : undefined;
  const lineOf = (row: number) => columns.map((one) => cellText(value(row, one)).replace(/[\t\r\n]/g, " ")).join("\t");
  const onRowKey = (row: number, event: KeyboardEvent) => {
    if (event.key === "Enter") {
      setChosen({ row, at: 0 });
      event.preventDefault();
    } else if (event.key === "Escape") setChosen(undefined);
    else if (event.key === "c" && (event.ctrlKey || event.metaKey) && `${getSelection()}` === "" && loaded(row)) {
      const one = chosen?.row === row && exact !== undefined;
      toClipboard(one ? exact : lineOf(row)).then(
        () => notify(one ? "Copied the value" : `Copied row ${formatCount(row + firstRow)}`),
        (cause) => notifyError("Could not copy", cause),
      );
      event.preventDefault();
    }
  };
  return (
    <div className="flex h-full min-h-0 flex-col">
      <VirtualTable
        label={props.label}
        className="min-h-0 grow"
        columns={all}
        pinned={1}
        rowCount={rowCount}
        rowHeight={rowHeight}
        rowKey={String}
        {...(props.onWindow ? { onWindow: props.onWindow } : {})}
        onRowKey={onRowKey}
        onFold={(row, left) => {
          const at = (chosen?.at ?? 0) + (left ? -1 : 1);
          if (chosen?.row !== row || !columns[at]) return false;
          setChosen({ row, at });
          return true;
        }}
        head={(one) => <Head column={one} />}
        cell={(row, one) =>
          one.id === numbers.id ? (
            <span className="num w-full px-3 text-right text-xs text-ink-3">{formatCount(row + firstRow)}</span>
          ) : !loaded(row) ? (
            <span aria-hidden="true" className="mx-3 h-1.5 w-1/2 rounded-full bg-hover" />
          ) : (
            <Cell
              column={one}
              value={value(row, one)}
              chosen={chosen?.row === row && column === one}
              draw={props.draw}
              onChoose={() => setChosen({ row, at: columns.indexOf(one) })}
            />
          )
        }
      />
      <div className="flex h-8 shrink-0 items-center gap-4 border-t border-line px-4 text-xs text-ink-3">
        <span className="num shrink-0">{props.count}</span>
        {exact !== undefined && column && chosen && (
          <>
            <span className="ml-auto min-w-0 truncate" aria-live="polite">
              <span className="num">{formatCount(chosen.row + firstRow)}</span> · {column.name}{" "}
              <span className="num ml-1 text-ink" title={exact}>
                {exact === "" ? "empty" : exact.slice(0, 400)}
              </span>
            </span>
            <CopyButton text={exact} label="Copy the value" className="-mr-2 shrink-0" />
          </>
        )}
      </div>
    </div>
  );
}

const Head = ({ column }: { column: DataColumn }) => (
  <span
    className={cx("flex w-full min-w-0 flex-col px-3 leading-tight", column.number && "text-right")}
    title={column.type ? `${column.name} (${column.type})` : column.name}
  >
    <span className="truncate text-xs font-medium text-ink-2">{column.name}</span>
    {column.type && <span className="truncate text-2xs text-ink-3">{column.type}</span>}
  </span>
);

interface CellProps {
  column: DataColumn;
  value: unknown;
  chosen: boolean;
  draw: ((value: unknown) => ReactNode) | undefined;
  onChoose: () => void;
}

function Cell({ column, value, chosen, draw, onChoose }: CellProps) {
  const drawn = draw?.(value);
  if (drawn) return drawn;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: by keyboard Enter chooses in the row, and the arrows go from there
    // biome-ignore lint/a11y/noStaticElementInteractions: the cell around it has the role
    <span
      onClick={onChoose}
      className={cx(
        "num flex h-full w-full min-w-0 cursor-default items-center px-3",
        column.number && "justify-end",
        chosen && "outline-2 -outline-offset-2 outline-accent",
      )}
      title={cellText(value)}
    >
      <span className={cx("truncate", value === null && "text-ink-3")}>
        {value === null ? "null" : shownText(value).slice(0, 400)}
      </span>
    </span>
  );
}
