import { expect, test } from "vitest";
import { compareFiles } from "./files";

const file = (path: string, sha256: string) => ({ path, sha256, isFolder: false, size: 1, updatedAt: 0 });

test("equal content has the same number, a missing file is a difference", () => {
  const rows = compareFiles([
    [file("b10", "x"), file("b9", "y")],
    [file("b9", "z"), file("c", "q")],
    [file("b9", "y"), file("b10", "x")],
  ]);
  expect(rows.map((row) => [row.path, row.versions, row.differs])).toEqual([
    ["b9", [0, 1, 0], true],
    ["b10", [0, -1, 0], true],
    ["c", [-1, 0, -1], true],
  ]);
  expect(compareFiles([[file("a", "x")], [file("a", "x")]])[0]?.differs).toBe(false);
});
