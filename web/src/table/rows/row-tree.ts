/** A list on the server that is shown as rows. It is read by blocks; how long it is may not be known yet. */
export interface RowList {
  /** Unique in a tree. */
  id: string;
  length: number;
}

/** A row of a list whose own rows are shown below it. */
export interface Opening {
  /** The list the row belongs to, and its place there. */
  listId: string;
  index: number;
  below: RowList;
}

/** Where a row of the table comes from. */
export interface Place {
  listId: string;
  index: number;
  /** 0 for a row of the root. */
  depth: number;
}

interface Node {
  list: RowList;
  depth: number;
  /** Openings of this list by ascending index, with the rows of the table that stand before each of them, the list's first row being 0. */
  openings: { index: number; at: number; node: Node }[];
  /** Rows with everything opened below. */
  total: number;
}

/**
 * Lists inside lists as one flat table: a row that is opened is followed by the rows of its own list. Nothing here depends on how many
 * rows there are, only on how many are opened, so that a hundred thousand runs in a thousand groups cost what is opened.
 */
export class RowTree {
  readonly #root: Node;

  constructor(root: RowList, openings: readonly Opening[]) {
    const byList = new Map<string, Opening[]>();
    for (const opening of openings) {
      const known = byList.get(opening.listId);
      if (known) known.push(opening);
      else byList.set(opening.listId, [opening]);
    }
    this.#root = build(root, 0, byList, new Set());
  }

  /** Rows of the table. */
  get length(): number {
    return this.#root.total;
  }

  /** The place that a row of the table shows; undefined outside of it. */
  at(row: number): Place | undefined {
    if (row < 0 || row >= this.#root.total) return undefined;
    let node = this.#root;
    let rest = row;
    for (;;) {
      const before = last(node.openings, rest);
      // Rows of a list that come before any opening, or behind the rows that the last opening shows.
      if (!before) return { listId: node.list.id, index: rest, depth: node.depth };
      const below = rest - before.at - 1;
      if (below < before.node.total) {
        node = before.node;
        rest = below;
      } else return { listId: node.list.id, index: before.index + 1 + below - before.node.total, depth: node.depth };
    }
  }

  /** Calls back with each stretch of a list that the rows from `first` to `end` (exclusive) show. */
  stretches(first: number, end: number, see: (listId: string, from: number, to: number) => void): void {
    let open: { listId: string; from: number; to: number } | undefined;
    for (let row = Math.max(0, first); row < Math.min(end, this.length); row++) {
      const place = this.at(row);
      if (!place) continue;
      if (open?.listId === place.listId && open.to === place.index) open.to += 1;
      else {
        if (open) see(open.listId, open.from, open.to);
        open = { listId: place.listId, from: place.index, to: place.index + 1 };
      }
    }
    if (open) see(open.listId, open.from, open.to);
  }
}

function build(list: RowList, depth: number, byList: ReadonlyMap<string, Opening[]>, path: ReadonlySet<string>): Node {
  const openings: Node["openings"] = [];
  let extra = 0;
  const inside = new Set(path).add(list.id);
  const own = (byList.get(list.id) ?? []).filter(({ index, below }) => index < list.length && !inside.has(below.id));
  for (const { index, below } of own.sort((a, b) => a.index - b.index)) {
    if (openings.at(-1)?.index === index) continue;
    const node = build(below, depth + 1, byList, inside);
    openings.push({ index, at: index + extra, node });
    extra += node.total;
  }
  return { list, depth, openings, total: list.length + extra };
}

/** The last opening whose row stands before the given one. */
function last(openings: Node["openings"], row: number): Node["openings"][number] | undefined {
  let low = 0;
  let high = openings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((openings[middle]?.at ?? 0) < row) low = middle + 1;
    else high = middle;
  }
  return openings[low - 1];
}
