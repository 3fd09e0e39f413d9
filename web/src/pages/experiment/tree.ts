import type { RunRow } from "@/api/types";

export interface TreeRow {
  row: RunRow;
  depth: number;
  /** Loaded runs nested in it, directly. */
  children: number;
  open: boolean;
}

export const flat = (rows: readonly RunRow[]): TreeRow[] =>
  rows.map((row) => ({ row, depth: 0, children: 0, open: false }));

/**
 * Loaded runs as a tree: children below their parent, the first one started first. A family stands where its first row stood, so that
 * a parent that is loaded later joins its children and not the other way round. Children of closed runs are left out.
 */
export function arrange(rows: readonly RunRow[], closed: ReadonlySet<string>): TreeRow[] {
  const byId = new Map(rows.map((row) => [row.info.id, row]));
  const children = new Map<string, RunRow[]>();
  for (const row of rows) {
    const parent = byId.get(row.info.parentId ?? "");
    if (!parent || parent === row) continue;
    const list = children.get(parent.info.id);
    if (list) list.push(row);
    else children.set(parent.info.id, [row]);
  }
  const placed = new Set<RunRow>();
  const shown: TreeRow[] = [];
  const place = (row: RunRow, depth: number, visible: boolean): void => {
    if (placed.has(row)) return;
    placed.add(row);
    const nested = children.get(row.info.id) ?? [];
    const open = !closed.has(row.info.id);
    if (visible) shown.push({ row, depth, children: nested.length, open });
    for (const child of [...nested].sort((a, b) => a.info.startTime - b.info.startTime))
      place(child, depth + 1, visible && open);
  };
  for (const row of rows) if (!placed.has(row)) place(rootOf(row, byId), 0, true);
  return shown;
}

/** The outermost loaded ancestor; runs that are nested in each other begin at the one that was asked for. */
function rootOf(row: RunRow, byId: ReadonlyMap<string, RunRow>): RunRow {
  const seen = new Set([row]);
  let root = row;
  for (let next = byId.get(root.info.parentId ?? ""); next; next = byId.get(root.info.parentId ?? "")) {
    if (seen.has(next)) return row;
    seen.add(next);
    root = next;
  }
  return root;
}
