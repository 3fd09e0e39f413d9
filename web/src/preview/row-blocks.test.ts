import { expect, test } from "vitest";
import type { RowPage } from "@/api/types";
import { blocksIn, extend, nothing, valueIn } from "./row-blocks";

const page = (offset: number, names: string[], rows: unknown[][], more: boolean, total?: number): RowPage => ({
  format: "jsonl",
  columns: names.map((name) => ({ name, type: "text" })),
  offset,
  rows,
  hasMore: more,
  remarks: [],
  ...(total === undefined ? {} : { total }),
});

test("the blocks of the rows on the screen, without the first one", () => {
  expect(blocksIn([0, 30], 200)).toEqual([]);
  expect(blocksIn([190, 401], 200)).toEqual([1, 2]);
  expect(blocksIn([400, 400], 200)).toEqual([]);
  expect(blocksIn([0, 30], 0)).toEqual([]);
});

test("rows that nobody counted become known page by page, until the last one", () => {
  const first = extend(nothing, page(0, ["a"], [["1"], ["2"]], true));
  expect(first).toMatchObject({ rows: 2, open: true });
  const second = extend(first, page(2, ["a"], [["3"]], false));
  expect(second).toMatchObject({ rows: 3, open: false });
  expect(extend(second, page(0, ["a"], [["1"], ["2"]], true))).toBe(second);
  expect(extend(nothing, page(0, [], [], false))).toMatchObject({ rows: 0, open: false });
  expect(extend(nothing, page(0, ["a"], [["1"]], true, 900))).toMatchObject({ rows: 900, open: false });
});

test("columns of later pages follow those of the first; of two types they are mixed", () => {
  const first = page(0, ["a", "b"], [["1", "2"]], true);
  const second = page(1, ["c", "a"], [["3", "4"]], false);
  second.columns = second.columns.map((column) => ({ ...column, type: "number" }));
  const known = extend(extend(nothing, first), second);
  expect(known.columns).toEqual([
    { name: "a", type: "mixed" },
    { name: "b", type: "text" },
    { name: "c", type: "number" },
  ]);
  expect(["a", "b", "c"].map((name) => valueIn(second, 1, name))).toEqual(["4", undefined, "3"]);
});

test("columns without a name, and of one name, are told apart", () => {
  const one = page(0, ["", "x", "x"], [["1", "2", "3"]], false);
  const { columns } = extend(nothing, one);
  expect(columns.map((column) => column.name)).toEqual(["column 1", "x", "x (2)"]);
  expect(columns.map((column) => valueIn(one, 0, column.name))).toEqual(["1", "2", "3"]);
});
