import { expect, test } from "vitest";
import type { RunRow } from "@/api/types";
import { arrange } from "./tree";

const run = (id: string, startTime: number, parentId?: string) =>
  ({ info: { id, startTime, ...(parentId ? { parentId } : {}) } }) as RunRow;
const text = (rows: RunRow[], closed: string[] = []) =>
  arrange(rows, new Set(closed)).map(
    ({ row, depth, children }) => `${"-".repeat(depth)}${row.info.id}${children || ""}`,
  );

// The newest first, as the server sends them.
const rows = [
  run("alone", 9),
  run("c2", 8, "p"),
  run("g", 7, "c1"),
  run("between", 6),
  run("c1", 5, "p"),
  run("p", 4),
  run("lost", 3, "elsewhere"),
];

test("children follow their parent, the first one first, where the newest of the family stood", () =>
  expect(text(rows)).toEqual(["alone", "p2", "-c11", "--g", "-c2", "between", "lost"]));

test("what is below a closed run is hidden", () => {
  expect(text(rows, ["p"])).toEqual(["alone", "p2", "between", "lost"]);
  expect(text(rows, ["c1"])).toEqual(["alone", "p2", "-c11", "-c2", "between", "lost"]);
});

test("runs nested in each other or in themselves are shown once", () => {
  expect(text([run("a", 2, "b"), run("b", 1, "a")])).toEqual(["a1", "-b1"]);
  expect(text([run("a", 1, "a"), run("x", 0, "y"), run("y", 0, "z"), run("z", 0, "y")])).toHaveLength(4);
});
