import { expect, test } from "vitest";
import { cellText, isTable, namesOf, tableWidths } from "./values";

test("widths follow the longest field within limits", () => {
  const [short, long] = tableWidths([["a", "b".repeat(500)]]);
  expect(short).toBe(72);
  expect(long).toBe(320);
});

test("every column has a name of its own", () => {
  expect(namesOf(["a", "", "a", "b", "a"])).toEqual(["a", "column 2", "a (2)", "b", "a (3)"]);
  expect(new Set(namesOf(["a", "a (2)", "a"])).size).toBe(3);
});

test("values as a reader sees them", () =>
  expect([null, undefined, 1, "x", { a: [1] }, true].map(cellText)).toEqual(["", "", "1", "x", '{"a":[1]}', "true"]));

test("rows of plain values are a table, what is nested is a tree", () => {
  expect([[{ a: 1 }, { b: null }], { columns: ["a"], data: [[1]] }].map(isTable)).toEqual([true, true]);
  expect([[], [1, 2], [{ a: { b: 1 } }], { a: 1 }, { columns: [], data: [] }, "x", null].map(isTable)).toEqual(
    Array(7).fill(false),
  );
});
