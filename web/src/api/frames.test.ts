import { expect, test } from "vitest";
import { type FrameQuery, groupQueries } from "./frames";

const one = (key: string, runs: number, axis: FrameQuery["axis"] = "step"): FrameQuery => ({
  key,
  axis,
  buckets: 400,
  runIds: Array.from({ length: runs }, (_, i) => `r${i}`),
});

test("cards that ask for the same drawing share a request up to its limit", () => {
  expect(groupQueries([one("a", 2), one("b", 2), one("c", 2)], 4)).toEqual([[0, 1], [2]]);
});

test("another axis is another request, a large card goes alone", () => {
  expect(groupQueries([one("a", 1), one("b", 1, "time"), one("c", 1)], 10)).toEqual([[0, 2], [1]]);
  expect(groupQueries([one("a", 50)], 10)).toEqual([[0]]);
});
