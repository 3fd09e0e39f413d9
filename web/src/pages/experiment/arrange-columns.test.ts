import { expect, test } from "vitest";
import { addAfter, moveBy, moveTo } from "./arrange-columns";

const ids = ["name", "a", "b", "c"];

test("a column moves by one place, never before the name", () => {
  expect(moveBy(ids, "b", 1)).toEqual(["name", "a", "c", "b"]);
  expect(moveBy(ids, "a", -1)).toBe(ids);
  expect(moveBy(ids, "c", 1)).toBe(ids);
  expect(moveBy(ids, "name", 1)).toBe(ids);
});

test("a column that is let go on another one stands before or after it", () => {
  expect(moveTo(ids, "c", "a", false)).toEqual(["name", "c", "a", "b"]);
  expect(moveTo(ids, "a", "c", true)).toEqual(["name", "b", "c", "a"]);
  expect(moveTo(ids, "b", "name", false)).toEqual(["name", "b", "a", "c"]);
  expect(moveTo(ids, "b", "b", true)).toBe(ids);
});

test("a column is added once", () => {
  expect(addAfter(ids, "a", "x")).toEqual(["name", "a", "x", "b", "c"]);
  expect(addAfter(ids, "a", "c")).toBe(ids);
});
