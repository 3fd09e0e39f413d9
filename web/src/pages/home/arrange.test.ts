import { expect, test } from "vitest";
import type { ExperimentInfo } from "@/api/types";
import { arrange } from "./arrange";

const one = (name: string, runs: number, last: number, tags = {}): ExperimentInfo => ({
  id: name,
  name,
  lifecycle: "active",
  createdAt: 5,
  updatedAt: 5,
  tags,
  summary: { runs, running: 0, failed: 0, finished: 0, lastActivityAt: last },
});
const all = [one("b10", 1, 20), one("B9", 1, 30, { team: "Vision" }), one("a", 7, 0)];
const names = (text: string, field: string, descending = false) =>
  arrange(all, text, { field, descending }).map(({ name }) => name);

test("sorts, equal ones by name with numbers in order", () => {
  expect(names("", "runs", true)).toEqual(["a", "B9", "b10"]);
  expect(names("", "activity", true)).toEqual(["B9", "b10", "a"]);
  expect(names("", "name")).toEqual(["a", "b10", "B9"]);
});

test("starred ones come first", () =>
  expect(arrange(all, "", { field: "activity", descending: true }, new Set(["a"])).map(({ name }) => name)).toEqual([
    "a",
    "B9",
    "b10",
  ]));

test("finds by name and by tag", () => {
  expect(names("b", "name")).toEqual(["b10", "B9"]);
  expect(names("team=vis", "name")).toEqual(["B9"]);
});
