import { useNavigate } from "@tanstack/react-router";
import { Copy, Filter, FilterX, Group, Medal } from "lucide-react";
import { quote } from "@/api/filter";
import { formatCount, formatNumber } from "@/state/format";
import { type Column, canGroup, sortField } from "@/table/columns";
import type { Figures, Value } from "@/table/rows/reader";
import { toClipboard } from "@/ui/copy";
import { MenuAt, MenuItem, MenuLabel, MenuLine } from "@/ui/menu";
import { notifyError } from "@/ui/toast";

export type CellChoice =
  | { kind: "value"; column: Column; value: Value; place: DOMRect }
  | { kind: "figures"; column: Column; figures: Figures; place: DOMRect }
  | { kind: "row"; cells: readonly { column: Column; value: Value }[]; place: DOMRect };

interface CellMenuProps {
  choice: CellChoice;
  filter: string;
  onFilter: (filter: string) => void;
  onGroup: (column: Column) => void;
  onClose: () => void;
}

/** A filter with one more condition. */
export function andAlso(filter: string, condition: string): string {
  if (filter === "") return condition;
  return `${/\bor\b/i.test(filter) ? `(${filter})` : filter} and ${condition}`;
}

/** The condition that holds for runs with this value, or for those with another one; nothing where the language has none. */
export function conditionOf(column: Column, value: Value, not: boolean): string | undefined {
  const field = sortField(column);
  if (field === undefined || value === null) return undefined;
  // A number that was measured is rarely measured twice: what is asked for is its neighbourhood on one side.
  if (column.kind === "metric") return typeof value === "number" ? `${field} ${not ? ">=" : "<="} ${value}` : undefined;
  if (column.id === "start_time" || column.id === "end_time") return `${field} ${not ? "<=" : ">="} ${value}`;
  return `${field} ${not ? "!=" : "="} ${quote(String(value))}`;
}

export function CellMenu({ choice, filter, onFilter, onGroup, onClose }: CellMenuProps) {
  const add = (condition: string | undefined) => condition && onFilter(andAlso(filter, condition));
  if (choice.kind === "figures") return <FiguresMenu {...choice} onClose={onClose} />;
  if (choice.kind === "row")
    return (
      <MenuAt place={choice.place} label="Filter by a value of this run" onClose={onClose}>
        <MenuLabel>Only runs with the same</MenuLabel>
        {choice.cells.map(({ column, value }) => (
          <MenuItem key={column.id} onSelect={() => add(conditionOf(column, value, false))}>
            <span className="text-ink-3">{column.title}</span>
            <span className="min-w-0 truncate">{String(value)}</span>
          </MenuItem>
        ))}
      </MenuAt>
    );
  const { column, value, place } = choice;
  const [only, others] = [conditionOf(column, value, false), conditionOf(column, value, true)];
  return (
    <MenuAt place={place} label={`What to do with ${column.title}`} onClose={onClose}>
      {only && (
        <MenuItem onSelect={() => add(only)}>
          <Filter />
          <span className="min-w-0 truncate">{wordsOf(column, only)}</span>
        </MenuItem>
      )}
      {others && (
        <MenuItem onSelect={() => add(others)}>
          <FilterX />
          <span className="min-w-0 truncate">{wordsOf(column, others)}</span>
        </MenuItem>
      )}
      {canGroup(column) && (
        <MenuItem onSelect={() => onGroup(column)}>
          <Group />
          Group by {column.title}
        </MenuItem>
      )}
      <MenuItem onSelect={() => void toClipboard(String(value)).catch((cause) => notifyError("Could not copy", cause))}>
        <Copy />
        Copy the exact value
      </MenuItem>
    </MenuAt>
  );
}

/** A condition as it is read: with the name of the column instead of its field. */
const wordsOf = (column: Column, condition: string): string =>
  `Only ${column.title}${condition.slice((sortField(column) ?? "").length)}`;

function FiguresMenu({
  column,
  figures,
  place,
  onClose,
}: {
  column: Column;
  figures: Figures;
  place: DOMRect;
  onClose: () => void;
}) {
  const navigate = useNavigate();
  const { best } = figures;
  const lines = [
    ["Mean", figures.mean],
    ["Std", figures.deviation],
    ["Min", figures.min],
    ["Median", figures.median],
    ["Max", figures.max],
  ] as const;
  return (
    <MenuAt place={place} label={`${column.title} of the group`} onClose={onClose}>
      <MenuLabel>
        {column.title} of {formatCount(figures.count)} runs
      </MenuLabel>
      {lines.map(([name, value]) => (
        <MenuItem key={name} onSelect={() => void toClipboard(String(value)).catch(() => undefined)}>
          <span className="w-14 text-ink-3">{name}</span>
          <span className="num grow text-right" title={String(value)}>
            {formatNumber(value, 8)}
          </span>
        </MenuItem>
      ))}
      {best && (
        <>
          <MenuLine />
          <MenuItem onSelect={() => best && void navigate({ to: "/runs/$runId", params: { runId: best.runId } })}>
            <Medal />
            Open the best run
          </MenuItem>
        </>
      )}
    </MenuAt>
  );
}
