import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { blockSize } from "./blocks";
import type { Cells, ListRef, Page, RowReader, Value } from "./reader";
import { type Row, RowSource } from "./row-source";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => void vi.useRealTimers());

const never = () => new Promise<never>(() => undefined);
const settle = async () => {
  for (let round = 0; round < 8; round++) await new Promise((resolve) => setImmediate(resolve));
};

/** Runs `r0` to `r<count-1>`, of which each hundredth has three nested ones; values name field and run. */
class FakeReader implements RowReader {
  count_: number;
  readonly asked: string[] = [];
  aborted = 0;
  hold: Promise<unknown> = Promise.resolve();
  version = 0;

  constructor(count: number) {
    this.count_ = count;
  }

  async page(
    list: ListRef,
    from: number,
    limit: number,
    fields: readonly string[],
    signal: AbortSignal,
  ): Promise<Page> {
    this.asked.push(`${list.id} ${from} ${fields.filter((field) => field.startsWith("x")).join()}`);
    signal.addEventListener("abort", () => {
      this.aborted += 1;
    });
    await this.hold;
    signal.throwIfAborted();
    const names = list.parent ? ["a", "b", "c"].map((end) => `${list.parent}${end}`) : this.#ids(from, limit);
    return { ...this.#of(names, fields), more: !list.parent && from + limit < this.count_ };
  }

  async cells(ids: readonly string[], fields: readonly string[]): Promise<Cells> {
    this.asked.push(`cells ${ids.length} ${fields.filter((field) => field.startsWith("x")).join()}`);
    return this.#of(ids, fields);
  }

  async count(): Promise<{ total: number; exact: boolean }> {
    return { total: this.count_, exact: true };
  }

  #ids(from: number, limit: number): string[] {
    const length = Math.max(0, Math.min(limit, this.count_ - from));
    return Array.from({ length }, (_, at) => `r${from + at}`);
  }

  #of(runs: readonly string[], fields: readonly string[]): Cells {
    const value = (id: string, field: string): Value =>
      field === "children" ? (/^r(0|\d*00)$/.test(id) ? 3 : 0) : `${field} of ${id}${this.version || ""}`;
    return { runs, columns: new Map(fields.map((field) => [field, runs.map((id) => value(id, field))])) };
  }
}

function sourceOf(reader: RowReader, options = {}) {
  const source = new RowSource(reader, { groups: 0, nested: true, ...options });
  source.start();
  return source;
}

const idOf = (row: Row) => (row.kind === "run" ? row.id : row.kind);

test("rows are read by blocks as they come on the screen", async () => {
  const reader = new FakeReader(100_000);
  const source = sourceOf(reader);
  expect(source.ready).toBe(false);
  await settle();
  expect(source.total).toEqual({ count: 100_000, exact: true });
  expect(source.length).toBe(100_000);
  source.see(0, 30);
  expect(idOf(source.row(7))).toBe("r7");
  expect(source.row(70_123).kind).toBe("wait");
  vi.advanceTimersByTime(40);
  source.see(70_110, 70_140);
  await settle();
  expect(idOf(source.row(70_123))).toBe("r70123");
  expect(reader.asked.map((one) => one.trim())).toEqual(["root 0", "root 70000", "root 70100"]);
});

test("what is no longer on the screen is not read to its end", async () => {
  const reader = new FakeReader(100_000);
  const source = sourceOf(reader);
  await settle();
  reader.hold = never();
  vi.advanceTimersByTime(40);
  source.see(50_000, 50_030);
  vi.advanceTimersByTime(40);
  source.see(0, 30);
  await settle();
  expect(reader.aborted).toBeGreaterThan(0);
  expect(source.error).toBeUndefined();
});

test("a bar that is dragged reads where it rests", async () => {
  const reader = new FakeReader(100_000);
  const source = sourceOf(reader);
  await settle();
  for (let at = 1000; at < 90_000; at += 1000) source.see(at, at + 30);
  vi.advanceTimersByTime(60);
  await settle();
  expect(idOf(source.row(89_010))).toBe("r89010");
  expect(reader.asked.length).toBeLessThan(8);
});

test("a movement reads ahead of itself, and not behind", async () => {
  const reader = new FakeReader(100_000);
  const source = sourceOf(reader);
  await settle();
  source.see(20_000, 20_030);
  await settle();
  for (let at = 1; at <= 20; at++) {
    vi.advanceTimersByTime(16);
    source.see(20_000 + at * 8, 20_030 + at * 8);
  }
  await settle();
  expect(idOf(source.row(20_400))).toBe("r20400");
  expect(reader.asked.some((one) => one.startsWith("root 19800"))).toBe(false);
  for (let at = 1; at <= 20; at++) {
    vi.advanceTimersByTime(16);
    source.see(20_160 - at * 8, 20_190 - at * 8);
  }
  await settle();
  expect(idOf(source.row(19_800))).toBe("r19800");
});

test("columns that come on the screen are read for the rows that are there", async () => {
  const reader = new FakeReader(50);
  const source = sourceOf(reader);
  await settle();
  source.setFields(["x1", "x2"]);
  await settle();
  expect(reader.asked.slice(1)).toEqual(["cells 50 x1,x2"]);
  expect(source.value(source.row(3), "x2")).toBe("x2 of r3");
  source.setFields(["x2"]);
  await settle();
  expect(reader.asked).toHaveLength(2);
  expect(source.value(source.row(3), "nothing")).toBeUndefined();
});

test("nested runs are read when their run is opened, and make way when it is closed", async () => {
  const reader = new FakeReader(250);
  const source = sourceOf(reader);
  await settle();
  source.see(0, 30);
  source.setOpen((list) => list.parent === "r0");
  expect(source.length).toBe(253);
  expect(source.row(1)).toEqual({ kind: "wait", depth: 1 });
  await settle();
  expect([0, 1, 2, 3, 4].map((at) => idOf(source.row(at)))).toEqual(["r0", "r0a", "r0b", "r0c", "r1"]);
  expect(source.row(2).depth).toBe(1);
  source.setOpen(() => false);
  expect(idOf(source.row(1))).toBe("r1");
  expect(source.length).toBe(250);
});

test("only so many blocks are held, those on the screen always", async () => {
  const reader = new FakeReader(100_000);
  const source = sourceOf(reader, { blocks: 5 });
  await settle();
  for (let at = 0; at < 3000; at += 100) {
    vi.advanceTimersByTime(31);
    source.see(at, at + 30);
    await settle();
  }
  expect(source.held().size).toBeLessThanOrEqual(5 * blockSize);
  expect(idOf(source.row(2910))).toBe("r2910");
  expect(source.row(5).kind).toBe("wait");
});

test("changed runs are read again, all at once, and nothing is empty meanwhile", async () => {
  const reader = new FakeReader(300);
  const source = sourceOf(reader);
  await settle();
  reader.version = 2;
  const done = source.refreshRuns(new Set(["r3", "r5", "gone"]));
  expect(source.value(source.row(3), "name")).toBe("name of r3");
  await done;
  expect(reader.asked.at(-1)).toBe("cells 2 ");
  expect(source.value(source.row(3), "name")).toBe("name of r32");
  expect(source.value(source.row(4), "name")).toBe("name of r4");
  reader.count_ = 299;
  await source.refresh();
  expect(source.value(source.row(4), "name")).toBe("name of r42");
  expect(source.length).toBe(299);
});

test("a failure is kept, and what may pass is tried again", async () => {
  const reader = new FakeReader(3);
  const page = reader.page.bind(reader);
  reader.page = () => Promise.reject(new Error("away"));
  const source = sourceOf(reader, { passes: () => true });
  await settle();
  expect(source.error).toEqual(new Error("away"));
  expect(source.ready).toBe(false);
  reader.page = page;
  vi.advanceTimersByTime(5000);
  await settle();
  expect(source.error).toBeUndefined();
  expect(source.length).toBe(3);
});

test("columns that were added while groups were under way are read after them", async () => {
  const asked: string[] = [];
  const reader: RowReader = {
    page: async (_list, _from, _limit, fields) => {
      asked.push(fields.filter((field) => field.startsWith("x")).join());
      await settle();
      return {
        runs: [],
        columns: new Map(),
        groups: [{ value: "a", count: 4, cells: new Map() }],
        total: 1,
        more: false,
      };
    },
    cells: async () => ({ runs: [], columns: new Map() }),
    count: async () => ({ total: 1, exact: true }),
  };
  const source = sourceOf(reader, { groups: 1, nested: false });
  source.setFields(["xa"]);
  await settle();
  await settle();
  await settle();
  expect(asked).toEqual(["", "xa"]);
});

test("groups are opened into groups and then into runs", async () => {
  const values = ["a", "b"];
  const asked: string[] = [];
  const reader: RowReader = {
    page: async (list, _from, _limit, fields) => {
      asked.push(list.id);
      if (list.within.length < 2)
        return {
          runs: [],
          columns: new Map(),
          groups: values.map((value) => ({ value, count: 4 - list.within.length * 2, cells: new Map() })),
          total: 2,
          more: false,
        };
      const runs = [`${list.within.join("")}1`, `${list.within.join("")}2`];
      return { runs, columns: new Map(fields.map((field) => [field, runs])), more: false };
    },
    cells: async () => ({ runs: [], columns: new Map() }),
    count: async () => ({ total: 2, exact: true }),
  };
  const source = sourceOf(reader, { groups: 2, nested: false });
  await settle();
  source.see(0, 30);
  source.setOpen((list) => list.within.length <= 2);
  await settle();
  await settle();
  const seen = Array.from({ length: source.length }, (_, at) => source.row(at)).map((row) =>
    row.kind === "run"
      ? `${"-".repeat(row.depth)}${row.id}`
      : row.kind === "group"
        ? `${"-".repeat(row.depth)}${row.group.value}`
        : "?",
  );
  expect(seen).toEqual([
    "a",
    "-a",
    "--aa1",
    "--aa2",
    "-b",
    "--ab1",
    "--ab2",
    "b",
    "-a",
    "--ba1",
    "--ba2",
    "-b",
    "--bb1",
    "--bb2",
  ]);
  expect(new Set(asked).size).toBe(asked.length);
});
