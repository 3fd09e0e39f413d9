import { expect, test } from "vitest";
import {
  countSelected,
  isSelected,
  mostSelected,
  nothingSelected,
  readSelection,
  select,
  selectedOf,
  selectionFilter,
  writeSelection,
} from "./selection";

test("a selection stands in the address and comes back", () => {
  for (const selection of [
    nothingSelected,
    { all: false, ids: new Set(["a", "b,c"]) },
    { all: true, ids: new Set<string>() },
    { all: true, ids: new Set(["x"]) },
  ])
    expect(readSelection(writeSelection(selection))).toEqual(selection);
});

test("runs are taken in and left out, of some and of all", () => {
  const two = select(nothingSelected, ["a", "b"], true) ?? nothingSelected;
  expect([...two.ids]).toEqual(["a", "b"]);
  expect(isSelected(two, "a")).toBe(true);
  const one = select(two, ["a"], false) ?? nothingSelected;
  expect(isSelected(one, "a")).toBe(false);
  const all = { all: true, ids: new Set<string>() };
  const allButOne = select(all, ["a"], false) ?? all;
  expect([isSelected(allButOne, "a"), isSelected(allButOne, "z")]).toEqual([false, true]);
  expect(countSelected(allButOne, 3412)).toBe(3411);
  expect(select(allButOne, ["a"], true)).toEqual(all);
});

test("no more are selected one by one than the address holds", () => {
  const many = Array.from({ length: mostSelected + 1 }, (_, at) => `r${at}`);
  expect(select(nothingSelected, many, true)).toBeUndefined();
  expect(select(nothingSelected, many.slice(1), true)?.ids.size).toBe(mostSelected);
});

test("of a group all runs are selected, some or none", () => {
  const two = { all: false, ids: new Set(["a", "b"]) };
  expect([["a", "b"], ["a", "z"], ["z"], []].map((runs) => selectedOf(two, runs))).toEqual([
    "all",
    "some",
    "none",
    "none",
  ]);
  expect(selectedOf({ all: true, ids: new Set(["a"]) }, ["a", "z"])).toBe("some");
});

test("the filter of a selection", () => {
  const some = { all: false, ids: new Set(["a", "b"]) };
  expect(selectionFilter(some, "metrics.x < 1")).toBe('run_id in ("a", "b")');
  expect(selectionFilter({ all: true, ids: new Set() }, "metrics.x < 1")).toBe("metrics.x < 1");
  expect(selectionFilter({ all: true, ids: new Set(["a"]) }, "x or y")).toBe('(x or y) and not run_id in ("a")');
  expect(selectionFilter({ all: true, ids: new Set(["a"]) }, "")).toBe('not run_id in ("a")');
});
