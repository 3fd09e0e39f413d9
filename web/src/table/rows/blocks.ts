import type { Group, ListRef, Page, Value } from "./reader";

/** Rows of a list that are read together. */
export const blockSize = 100;

export interface Block {
  list: ListRef;
  /** Of the list: its rows are `index * blockSize` and on. */
  index: number;
  runs: readonly string[];
  groups: readonly Group[] | undefined;
  columns: Map<string, readonly Value[]>;
  /** Something in it may have changed: it is shown until it was read again. */
  stale: boolean;
  /** When it was on the screen the last time, by the count of looks. */
  seen: number;
}

export const blockKey = (listId: string, index: number): string => `${listId}#${index}`;

export function blockOf(list: ListRef, index: number, page: Page, seen: number): Block {
  const { runs, groups, columns } = page;
  return { list, index, runs, groups, columns: new Map(columns), stale: false, seen };
}

/** The blocks that are held: the least recently seen ones make way. */
export class BlockCache {
  readonly #blocks = new Map<string, Block>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#blocks.size;
  }

  get(listId: string, index: number): Block | undefined {
    return this.#blocks.get(blockKey(listId, index));
  }

  all(): Iterable<Block> {
    return this.#blocks.values();
  }

  /** Keeps a block; blocks that are on the screen now (`seen` not below `now`) never make way. */
  put(block: Block, now: number): void {
    this.#blocks.set(blockKey(block.list.id, block.index), block);
    if (this.#blocks.size <= this.#most) return;
    const old = [...this.#blocks]
      .filter(([, one]) => one.seen < now && one !== block)
      .sort(([, a], [, b]) => a.seen - b.seen);
    for (const [key] of old.slice(0, this.#blocks.size - this.#most)) this.#blocks.delete(key);
  }

  /** Forgets the blocks that nobody sees, and marks the others so that they are read again. */
  age(now: number): void {
    for (const [key, block] of this.#blocks)
      if (block.seen < now) this.#blocks.delete(key);
      else block.stale = true;
  }
}
