import { describe, expect, test } from "vitest";
import {
  cycleSort,
  decodeList,
  decodeRange,
  decodeSort,
  encodeList,
  encodeRange,
  encodeSort,
  oneOf,
  parseSearch,
  stringifySearch,
} from "./url";

test("an address keeps every sign of a filter", () => {
  const search = { filter: 'metrics.`val loss` < 0.2 and params.a = "x&y=1+2%"', sel: "a,b" };
  expect(parseSearch(stringifySearch(search))).toEqual(search);
  expect(stringifySearch({ sel: "a,b", tab: undefined, empty: "" })).toBe("?sel=a,b");
});

test.each([[["a"]], [["a,b", "c\\", "d"]], [["metrics.val/loss:min", "-x", "é"]], [[]]])(
  "list %j comes back",
  (items) => expect(decodeList(encodeList(items))).toEqual(items),
);

test("sort keys", () => {
  const sort = [
    { field: "metrics.auc", descending: true },
    { field: "start_time", descending: false },
  ];
  expect(encodeSort(sort)).toBe("-metrics.auc,start_time");
  expect(decodeSort(encodeSort(sort))).toEqual(sort);
  expect(decodeSort("-")).toEqual([]);
});

describe("a click on a header", () => {
  test("cycles and drops", () => {
    const first = cycleSort([], "a", false, true);
    expect(first).toEqual([{ field: "a", descending: true }]);
    const second = cycleSort(first, "a", false, true);
    expect(second).toEqual([{ field: "a", descending: false }]);
    expect(cycleSort(second, "a", false, true)).toEqual([]);
  });

  test("with the key held adds and keeps the places", () => {
    const two = cycleSort([{ field: "a", descending: false }], "b", true, false);
    expect(two.map((key) => key.field)).toEqual(["a", "b"]);
    expect(cycleSort(two, "a", true, false)[0]).toEqual({ field: "a", descending: true });
    expect(cycleSort([{ field: "a", descending: true }, ...two.slice(1)], "a", true, false)).toEqual(two.slice(1));
  });
});

test("ranges and words", () => {
  expect(decodeRange(encodeRange([0.5, 1e9]))).toEqual([0.5, 1e9]);
  expect(decodeRange("3..1")).toBeUndefined();
  expect(decodeRange("x")).toBeUndefined();
  expect(oneOf("b", ["a", "b"])).toBe("b");
  expect(oneOf("z", ["a", "b"])).toBe("a");
});
