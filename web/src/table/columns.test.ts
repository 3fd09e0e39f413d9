import { describe, expect, test } from "vitest";
import type { RunRow } from "@/api/types";
import { cellText, columnOf, layoutOf, move, sortField, wantedKeys } from "./columns";

const row: RunRow = {
  info: {
    id: "r",
    experimentId: "1",
    name: "n",
    user: "",
    status: "finished",
    startTime: 0,
    lifecycle: "active",
    updatedAt: 0,
  },
  params: { lr: "0.1" },
  metrics: { "val loss": { last: 0.123456, step: 9, time: 0, min: 0.1, first: 1, count: 10 } },
  tags: {},
  inputs: [],
  models: [],
};
const column = (id: string) => {
  const found = columnOf(id);
  if (!found) throw new Error(id);
  return found;
};

describe("a column", () => {
  test("is read from its id", () => {
    expect(column("metrics.a.b/c:min")).toMatchObject({ kind: "metric", key: "a.b/c", pick: "min" });
    expect(column("params.x:min")).toMatchObject({ kind: "param", key: "x:min" });
    expect(columnOf("metrics.")).toBeUndefined();
    expect(columnOf("nonsense")).toBeUndefined();
  });
  test("sorts by its field", () => {
    expect(sortField(column("metrics.val loss:max"))).toBe("metrics.`val loss`:max");
    expect(sortField(column("start_time"))).toBe("start_time");
  });
  test("shows a value, its exact text, or nothing", () => {
    expect(cellText(row, column("metrics.val loss"))).toEqual({
      text: "0.12346",
      full: "0.123456 at step 9, 10 points",
      missing: false,
    });
    expect(cellText(row, column("metrics.val loss:max")).missing).toBe(true);
    expect(cellText(row, column("params.lr")).text).toBe("0.1");
    expect(cellText(row, column("tags.none")).missing).toBe(true);
  });
});

test("the name leads, pinned columns follow, the rest keeps its order", () => {
  const layout = layoutOf(["status", "params.a", "metrics.b", "params.a", "bogus"], ["metrics.b"]);
  expect(layout.columns.map(({ id }) => id)).toEqual(["name", "metrics.b", "status", "params.a"]);
});

test("only the keys on screen are asked for", () =>
  expect(wantedKeys(["name", "metrics.a", "metrics.a:min", "tags.t"].map(column))).toEqual({
    metrics: ["a"],
    params: [],
    tags: ["t"],
    inputs: false,
  }));

test("moving", () => {
  expect(move(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
  expect(move(["a", "b"], 5, 0)).toEqual(["a", "b"]);
});
