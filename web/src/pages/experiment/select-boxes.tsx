import { type MouseEvent, useEffect, useRef } from "react";
import type { Row, RowSource } from "@/table/rows/row-source";
import { CheckBox } from "@/ui/fields";
import { notify } from "@/ui/toast";
import { isSelected, mostSelected, nothingSelected, select } from "./selection";
import type { View } from "./view";

export interface Boxes {
  view: View;
  /** Selects the run of a row or not; with `range` all runs from the last one that was changed. */
  toggle: (at: number, range: boolean) => void;
}

export function useBoxes(view: View, rows: RowSource): Boxes {
  // Ahead of the address, which follows a moment later: two quick keys must not undo each other.
  const chosen = useRef(view.selection);
  useEffect(() => {
    chosen.current = view.selection;
  }, [view.selection]);
  const anchor = useRef<number>(undefined);
  const toggle = (at: number, range: boolean) => {
    const row = rows.row(at);
    if (row.kind !== "run") return;
    const from = range && anchor.current !== undefined ? Math.min(anchor.current, at) : at;
    const to = range && anchor.current !== undefined ? Math.max(anchor.current, at) : at;
    const ids: string[] = [];
    for (let one = from; one <= to && ids.length <= mostSelected; one++) {
      const other = rows.row(one);
      if (other.kind === "run") ids.push(other.id);
    }
    const next = select(chosen.current, ids, !isSelected(chosen.current, row.id));
    if (!next) {
      notify(`At most ${mostSelected} runs are selected one by one. The box above them selects all that match.`);
      return;
    }
    anchor.current = at;
    chosen.current = next;
    view.setSelection(next);
  };
  return { view, toggle };
}

export function RunBox({
  boxes,
  at,
  row,
  rows,
}: {
  boxes: Boxes;
  at: number;
  row: Row & { kind: "run" };
  rows: RowSource;
}) {
  return (
    <label className="grid size-full cursor-pointer place-items-center">
      <CheckBox
        label={`Select ${rows.value(row, "name") ?? row.id}`}
        hidden
        tabIndex={-1}
        checked={isSelected(boxes.view.selection, row.id)}
        onClick={(event: MouseEvent) => boxes.toggle(at, event.shiftKey)}
        readOnly
      />
    </label>
  );
}

/** Selects all runs that match, seen or not. */
export function SelectAll({ view, rows }: { view: View; rows: RowSource }) {
  const { selection } = view;
  const every = selection.all && selection.ids.size === 0;
  const label = every ? "Select none" : "Select all runs that match";
  return (
    <label className="grid size-full cursor-pointer place-items-center" title={label}>
      <CheckBox
        label="Select all runs that match"
        hidden
        checked={every}
        disabled={rows.length === 0}
        ref={(box: HTMLInputElement | null) => {
          if (box) box.indeterminate = !every && (selection.all || selection.ids.size > 0);
        }}
        onChange={() => view.setSelection(every ? nothingSelected : { all: true, ids: new Set() })}
      />
    </label>
  );
}
