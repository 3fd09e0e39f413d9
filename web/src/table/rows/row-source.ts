import { Pace } from "../pace";
import { type Block, BlockCache, blockKey, blockOf, blockSize } from "./blocks";
import {
  type Cells,
  type Group,
  groupList,
  type ListRef,
  nestedList,
  type RowReader,
  rootList,
  type Value,
} from "./reader";
import { type Opening, RowTree } from "./row-tree";

/** A row of the table; `wait` while its block is under way. */
export type Row =
  | { kind: "wait"; depth: number }
  | { kind: "run"; id: string; depth: number; listId: string; block: Block; at: number; below: Below | undefined }
  | { kind: "group"; group: Group; within: readonly Value[]; depth: number; below: Below };

/** What can be shown below a row. */
export interface Below {
  /** The id of the list, by which it is opened and closed. */
  list: ListRef;
  length: number;
  open: boolean;
}

export interface RowSourceOptions {
  /** Fields by which runs are grouped, the outermost first. */
  groups: number;
  /** Whether runs are shown with what is nested in them. */
  nested: boolean;
  /** Blocks that are held beside those on the screen. */
  blocks?: number;
  /** Whether a request that failed so may succeed later; it is then sent again after a while. */
  passes?: (cause: unknown) => boolean;
}

/** What every row needs, whatever columns are shown. */
export const ownFields = ["name", "status", "start_time", "end_time", "parent_id", "children", "lifecycle"] as const;

const margin = 40;
const retryAfter = 2000;
/** A movement asks so often, and for the rows that it will have reached when an answer is there, both in milliseconds. */
const askEvery = 50;
const answerAfter = 500;
const mostAhead = 1500;
/** A bar that is dragged rests when it stood for so long, in milliseconds. */
const restAfter = 60;

/**
 * The rows of a table of which nobody holds all: lists on the server, read by blocks of 100 rows as they come on the screen. It keeps
 * a bounded number of blocks, drops requests for what is no longer on the screen, and shows what it has until something newer is there.
 */
export class RowSource {
  readonly #reader: RowReader;
  readonly #options: RowSourceOptions;
  readonly #cache: BlockCache;
  readonly #listeners = new Set<() => void>();
  readonly #lists = new Map<string, ListRef>([[rootList.id, rootList]]);
  readonly #lengths = new Map<string, number>();
  readonly #openings = new Map<string, Opening>();
  readonly #asked = new Map<string, { block: string; abort: AbortController }>();
  #isOpen: (list: ListRef, length: number, roots: number) => boolean = () => false;
  #fields: readonly string[] = ownFields;
  #tree = new RowTree({ id: rootList.id, length: 0 }, []);
  #window: [number, number] = [0, 0];
  #look = 0;
  #version = 0;
  #error: unknown;
  #exact = true;
  #counted = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #lastLook = 0;
  #lastAsk = 0;
  #asking: "movement" | "rest" | undefined;
  readonly #pace = new Pace();
  #stopped = true;
  #life = new AbortController();

  constructor(reader: RowReader, options: RowSourceOptions) {
    this.#reader = reader;
    this.#options = options;
    this.#cache = new BlockCache(options.blocks ?? 60);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Grows with everything that changes what rows show. */
  readonly version = (): number => this.#version;

  /** Rows of the table, as far as they are known. */
  get length(): number {
    return this.#tree.length;
  }

  /** Whether the first rows, or that there are none, are known. */
  get ready(): boolean {
    return this.#lengths.has(rootList.id);
  }

  /** Why the rows could not be read the last time that was tried. */
  get error(): unknown {
    return this.#error;
  }

  /** Rows of the root, once they are counted; not all of them when not `exact`. */
  get total(): { count: number; exact: boolean } | undefined {
    return this.#counted ? { count: this.#lengths.get(rootList.id) ?? 0, exact: this.#exact } : undefined;
  }

  /** Begins to read; does nothing when it has begun. */
  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#life = new AbortController();
    void this.#ask();
  }

  /** Ends everything that is under way, and reads nothing until it is started again. What was read stays. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#retry);
    this.#life.abort();
    this.#drop(() => true);
  }

  /** What is read of each run. */
  get fields(): readonly string[] {
    return this.#fields;
  }

  /** Which columns are on the screen; others are read when they come. */
  setFields(fields: readonly string[]): void {
    const next = [...new Set([...ownFields, ...fields])];
    if (next.length === this.#fields.length && next.every((field, at) => field === this.#fields[at])) return;
    this.#fields = next;
    void this.#ask();
  }

  /** What is shown opened; asked for each row that has something below it. */
  setOpen(isOpen: (list: ListRef, length: number, roots: number) => boolean): void {
    this.#isOpen = isOpen;
    for (const [id, { below }] of this.#openings) {
      const list = this.#lists.get(below.id);
      if (!list || !isOpen(list, below.length, this.#roots)) this.#openings.delete(id);
    }
    for (const block of this.#cache.all()) this.#openIn(block);
    this.#changed();
    void this.#ask();
  }

  /**
   * The rows from `first` to `end` (exclusive) are on the screen. A movement reads ahead of itself. A bar that is dragged passes over
   * thousands of rows: those are asked for at which it rests.
   */
  see(first: number, end: number): void {
    const now = performance.now();
    const jump = first > this.#window[1] || end < this.#window[0];
    this.#pace.note(first, now, end - first);
    this.#window = [first, end];
    const hasty = now - this.#lastLook < 30 && this.ready;
    this.#lastLook = now;
    if (jump && hasty) this.#askIn(restAfter, "rest");
    else if (jump || now - this.#lastAsk >= askEvery) void this.#ask();
    else if (this.#asking !== "movement") this.#askIn(askEvery - (now - this.#lastAsk), "movement");
  }

  row(index: number): Row {
    const place = this.#tree.at(index);
    if (!place) return { kind: "wait", depth: 0 };
    const { listId, depth } = place;
    const block = this.#cache.get(listId, Math.floor(place.index / blockSize));
    const at = place.index % blockSize;
    if (!block) return { kind: "wait", depth };
    const group = block.groups?.[at];
    const below = this.#below(block, at);
    if (group && below) return { kind: "group", group, within: [...block.list.within, group.value], depth, below };
    const id = block.runs[at];
    return id === undefined ? { kind: "wait", depth } : { kind: "run", id, depth, listId, block, at, below };
  }

  /** The value of a run's field; undefined while it is not known. */
  value(row: Row, field: string): Value | undefined {
    return row.kind === "run" ? row.block.columns.get(field)?.[row.at] : undefined;
  }

  /** Ids of the runs that are held, in no order. */
  held(): Set<string> {
    const ids = new Set<string>();
    for (const block of this.#cache.all()) for (const id of block.runs) ids.add(id);
    return ids;
  }

  /** Reads again what is on the screen; everything else is read when it is seen. */
  async refresh(): Promise<void> {
    this.#cache.age(this.#look);
    // What is under way may have been read before the change.
    this.#drop(() => true);
    await Promise.all([this.#ask(), this.#count()]);
  }

  /** Reads values of runs on the screen again; others are marked so that they are read when they are seen. */
  async refreshRuns(ids: ReadonlySet<string>): Promise<void> {
    const shown: Block[] = [];
    for (const block of this.#cache.all()) {
      if (!block.runs.some((id) => ids.has(id))) continue;
      if (block.seen < this.#look) block.stale = true;
      else shown.push(block);
    }
    const wanted = [...new Set(shown.flatMap((block) => block.runs.filter((id) => ids.has(id))))];
    if (wanted.length === 0) return;
    const cells = await this.#reader.cells(wanted, this.#fields, this.#life.signal);
    for (const block of shown) merge(block, cells, false);
    for (const block of shown) this.#openIn(block);
    this.#changed();
  }

  get #roots(): number {
    return this.#lengths.get(rootList.id) ?? 0;
  }

  #below(block: Block, at: number): Below | undefined {
    const group = block.groups?.[at];
    if (group) {
      const list = groupList([...block.list.within, group.value]);
      const known = this.#lengths.get(list.id);
      const length = known ?? (list.within.length === this.#options.groups ? group.count : Math.min(1, group.count));
      return { list, length, open: this.#openings.has(list.id) };
    }
    const id = block.runs[at];
    const children = block.columns.get("children")?.[at];
    if (!this.#options.nested || id === undefined || typeof children !== "number" || children === 0) return undefined;
    const list = nestedList(id);
    return { list, length: this.#lengths.get(list.id) ?? children, open: this.#openings.has(list.id) };
  }

  /** Notes which rows of a block are opened, and forgets what stood there before. */
  #openIn(block: Block): void {
    const from = block.index * blockSize;
    for (const [id, one] of this.#openings)
      if (one.listId === block.list.id && one.index >= from && one.index < from + blockSize) this.#openings.delete(id);
    const rows = block.groups?.length ?? block.runs.length;
    for (let at = 0; at < rows; at++) {
      const below = this.#below(block, at);
      if (!below || !this.#isOpen(below.list, below.length, this.#roots)) continue;
      this.#lists.set(below.list.id, below.list);
      this.#openings.set(below.list.id, {
        listId: block.list.id,
        index: from + at,
        below: { id: below.list.id, length: below.length },
      });
    }
  }

  #changed(): void {
    const openings = [...this.#openings.values()].map((one) => {
      const length = this.#lengths.get(one.below.id);
      return length === undefined ? one : { ...one, below: { ...one.below, length } };
    });
    this.#tree = new RowTree({ id: rootList.id, length: this.#roots }, openings);
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }

  /** Asks for the blocks and columns that the screen lacks, and drops the requests that it no longer needs. */
  async #ask(): Promise<void> {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#asking = undefined;
    this.#lastAsk = performance.now();
    this.#look += 1;
    const wanted = this.#wanted();
    this.#drop((block) => block !== "" && !wanted.has(block));
    await Promise.all([...wanted].map(([key, { list, index }]) => this.#need(key, list, index)));
  }

  #askIn(milliseconds: number, why: "movement" | "rest"): void {
    clearTimeout(this.#timer);
    this.#asking = why;
    this.#timer = setTimeout(() => void this.#ask(), milliseconds);
  }

  #drop(which: (block: string) => boolean): void {
    for (const [key, { block, abort }] of this.#asked)
      if (which(block)) {
        abort.abort();
        this.#asked.delete(key);
      }
  }

  #wanted(): Map<string, { list: ListRef; index: number }> {
    const wanted = new Map<string, { list: ListRef; index: number }>();
    const add = (listId: string, index: number) => {
      const list = this.#lists.get(listId);
      if (list) wanted.set(blockKey(listId, index), { list, index });
      const block = this.#cache.get(listId, index);
      if (block) block.seen = this.#look;
    };
    if (!this.ready) add(rootList.id, 0);
    const ahead = Math.round(Math.max(-mostAhead, Math.min(mostAhead, this.#pace.ahead(answerAfter))));
    const first = this.#window[0] - margin + Math.min(0, ahead);
    const end = this.#window[1] + margin + Math.max(0, ahead);
    this.#tree.stretches(first, end, (listId, from, to) => {
      for (let index = Math.floor(from / blockSize); index * blockSize < to; index++) add(listId, index);
    });
    return wanted;
  }

  async #need(key: string, list: ListRef, index: number): Promise<void> {
    const block = this.#cache.get(list.id, index);
    if (!block || block.stale || block.groups) {
      const lacks = block?.groups && this.#fields.some((field) => !block.columns.has(field));
      if (!block || block.stale || lacks) await this.#readBlock(key, list, index);
      return;
    }
    const missing = this.#fields.filter((field) => !block.columns.has(field));
    if (missing.length > 0) await this.#readColumns(key, block, missing);
  }

  async #readBlock(key: string, list: ListRef, index: number): Promise<void> {
    const fields = this.#fields;
    const done = await this.#once(key, key, async (signal) => {
      const page = await this.#reader.page(list, index * blockSize, blockSize, fields, signal);
      const block = blockOf(list, index, page, this.#look);
      // Groups bring all their columns as cells; what was asked for is what they hold.
      if (page.groups) for (const field of fields) block.columns.set(field, []);
      this.#cache.put(block, this.#look);
      this.#learnLength(list, index, page.groups?.length ?? page.runs.length, page.more, page.total);
      this.#openIn(block);
      this.#error = undefined;
      this.#changed();
      if (list.id === rootList.id && !this.#counted) void this.#count();
    });
    // Other columns, or what is opened below it, may be wanted by now.
    if (done) void this.#ask();
  }

  async #readColumns(key: string, block: Block, missing: readonly string[]): Promise<void> {
    if (block.runs.length === 0) return;
    await this.#once(`${key} columns ${missing.length} ${missing[0]} ${missing.at(-1)}`, key, async (signal) => {
      merge(block, await this.#reader.cells(block.runs, missing, signal), true);
      this.#changed();
    });
  }

  #learnLength(list: ListRef, index: number, rows: number, more: boolean, total: number | undefined): void {
    const end = index * blockSize + rows;
    const known = this.#lengths.get(list.id) ?? 0;
    if (total !== undefined) this.#lengths.set(list.id, total);
    else if (!more) this.#lengths.set(list.id, end);
    // Until it is counted there is at least one row more, shown as one that is under way.
    else this.#lengths.set(list.id, Math.max(known, end + 1));
    if (list.id === rootList.id && (total !== undefined || !more)) this.#counted = true;
  }

  async #count(): Promise<void> {
    await this.#once("count", "", async (signal) => {
      const { total, exact } = await this.#reader.count(rootList, signal);
      this.#lengths.set(rootList.id, total);
      this.#exact = exact;
      this.#counted = true;
      this.#changed();
    });
  }

  /** Does one thing that is not under way already, and answers whether it was done; a failure is kept for the table to say. */
  async #once(key: string, block: string, work: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    if (this.#asked.has(key) || this.#stopped) return false;
    const abort = new AbortController();
    this.#asked.set(key, { block, abort });
    try {
      await work(abort.signal);
      return true;
    } catch (cause) {
      if (abort.signal.aborted) return false;
      this.#error = cause;
      this.#changed();
      clearTimeout(this.#retry);
      if (this.#options.passes?.(cause)) this.#retry = setTimeout(() => void this.#ask(), retryAfter);
      return false;
    } finally {
      if (this.#asked.get(key)?.abort === abort) this.#asked.delete(key);
    }
  }
}

/** Puts newer values into a block, by id; with `all` runs that are gone lose theirs, so that nobody asks for them again. */
function merge(block: Block, cells: Cells, all: boolean): void {
  const places = new Map(cells.runs.map((id, at) => [id, at]));
  for (const [field, values] of cells.columns) {
    const before = block.columns.get(field);
    if (!before && !all) continue;
    block.columns.set(
      field,
      block.runs.map((id, at) => {
        const place = places.get(id);
        return place === undefined ? (before?.[at] ?? null) : (values[place] ?? null);
      }),
    );
  }
}
