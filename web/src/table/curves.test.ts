import { expect, test } from "vitest";
import type { Frame, SeriesRef } from "@/api/types";
import { CurveStore, curveOf } from "./curves";

const frame = (runId: string, last: number[]): Frame => ({
  runId,
  key: "loss",
  exact: true,
  points: last.length,
  x: last.map((_, at) => at),
  last,
});

test("a curve spans its range and passes over what is not finite", () => {
  expect(curveOf(frame("r", [1, Number.NaN, 3, 2]))).toEqual({
    path: "M0.0 100.0L66.7 0.0L100.0 50.0",
    first: 1,
    last: 2,
    points: 4,
  });
  expect(curveOf(frame("r", [5]))?.path).toBe("M0 50L100 50");
  expect(curveOf(frame("r", [Number.NaN]))).toBeUndefined();
});

test("curves are read together, once, and again after their run logged", async () => {
  const asked: string[][] = [];
  const store = new CurveStore(async (series: SeriesRef[]) => {
    asked.push(series.map(({ runId }) => runId));
    return series.filter(({ runId }) => runId !== "none").map(({ runId }) => frame(runId, [1, 2]));
  });
  expect(store.get("a", "loss")).toBeUndefined();
  await store.want(["a", "none"], ["loss"]);
  expect(store.get("a", "loss")?.last).toBe(2);
  expect(store.get("none", "loss")).toBeNull();
  await store.want(["a", "none", "b"], ["loss"]);
  store.age(new Set(["a"]));
  await store.want(["a", "b"], ["loss"]);
  expect(asked).toEqual([["a", "none"], ["b"], ["a"]]);
});

test("only so many are kept, those wanted last", async () => {
  const store = new CurveStore(async (series) => series.map(({ runId }) => frame(runId, [1])), 3);
  for (const ids of [["a", "b"], ["a", "c"], ["d"]]) await store.want(ids, ["loss"]);
  expect(["a", "b", "c", "d"].map((id) => store.get(id, "loss") !== undefined)).toEqual([true, false, true, true]);
});
