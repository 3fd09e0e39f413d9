import { describe, expect, test } from "vitest";
import { cellText, columnOf, layoutOf, move, sortField } from "./columns";

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
  test("of best values is the least or the greatest, by name or by what was said", () => {
    expect(column("metrics.loss:best").field).toBe("metrics.loss:min");
    expect(column("metrics.auc:best").field).toBe("metrics.auc:max");
    expect(columnOf("metrics.auc:best", { auc: "min" })?.field).toBe("metrics.auc:min");
  });
  test("shows a value, its exact text, or nothing", () => {
    const loss = column("metrics.val loss");
    expect(cellText(0.123456, loss, 5)).toEqual({ text: "0.12346", full: "0.123456", missing: false });
    expect(cellText(0.123456, loss, 3).text).toBe("0.123");
    expect(cellText("NaN", loss, 5).text).toBe("NaN");
    expect(cellText(0.1 + 0.2, loss, 17).text).toBe("0.30000000000000004");
    expect(cellText(null, loss, 5).missing).toBe(true);
    expect(cellText("0.1", column("params.lr"), 5).text).toBe("0.1");
    expect(cellText(undefined, column("tags.none"), 5).missing).toBe(true);
    expect(cellText("iris@sha256:1\nwine@2", column("datasets"), 5)).toMatchObject({ text: "iris, wine" });
  });
});

test("the name leads, pinned columns follow, the rest keeps its order", () => {
  const layout = layoutOf(["status", "params.a", "metrics.b", "params.a", "bogus"], ["metrics.b"]);
  expect(layout.columns.map(({ id }) => id)).toEqual(["name", "metrics.b", "status", "params.a"]);
});

test("moving", () => {
  expect(move(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
  expect(move(["a", "b"], 5, 0)).toEqual(["a", "b"]);
});
