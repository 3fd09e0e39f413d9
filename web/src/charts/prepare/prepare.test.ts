import { describe, expect, test } from "vitest";
import type { Frame, RunRow } from "@/api/types";
import { prepareBars } from "./bars";
import { colourCount, styleRuns } from "./colours";
import { align, nearest, prepareCurves } from "./curves";
import { factsOf, groupKeys, matchKeys, prefixOf } from "./groups";
import { noSmoothing } from "./smooth";

const exact = (runId: string, x: number[], last: Frame["last"]): Frame => ({
  runId,
  key: "loss",
  exact: true,
  points: x.length,
  x,
  last,
});
const plain = { axis: "step", smoothing: noSmoothing, log: false } as const;

describe("alignment", () => {
  test("merges and keeps repeated steps", () => {
    const { x, places } = align([
      [0, 1, 1, 3],
      [1, 2],
    ]);
    expect(x).toEqual([0, 1, 1, 2, 3]);
    expect(places).toEqual([
      [0, 1, 2, 4],
      [1, 3],
    ]);
  });
  test("nothing gives nothing", () => expect(align([])).toEqual({ x: [], places: [] }));
});

describe("curves", () => {
  test("NaN is a gap, a missing step is not", () => {
    const curves = prepareCurves([exact("a", [0, 1, 2], [1, Number.NaN, 3]), exact("b", [0, 2], [5, 6])], plain);
    expect(curves.values).toEqual([
      [1, null, 3],
      [5, undefined, 6],
    ]);
    expect(curves.notFinite).toBe(1);
  });
  test("a log scale leaves out what it cannot show and says so", () => {
    const curves = prepareCurves([exact("a", [0, 1], [-1, 10])], { ...plain, log: true });
    expect(curves.values[0]).toEqual([null, 10]);
    expect(curves.notPositive).toBe(1);
  });
  test("buckets draw their mean inside a band of least and greatest", () => {
    const frame: Frame = {
      ...exact("a", [0, 10], [1, 2]),
      exact: false,
      points: 20,
      min: [0, 1],
      max: [4, 5],
      mean: [2, 3],
      first: [1, 1],
      count: [10, 10],
    };
    const curves = prepareCurves([frame], plain);
    expect(curves.columns.map((column) => column.role)).toEqual(["high", "low", "line"]);
    expect(curves.bands).toEqual([[0, 1]]);
    expect(curves.values[2]).toEqual([2, 3]);
    expect(prepareCurves([frame], { ...plain, bandsUpTo: 0 }).bands).toEqual([]);
  });
  test("no band is drawn over a line of another run", () => {
    const frame = (runId: string): Frame => ({
      ...exact(runId, [0], [1]),
      exact: false,
      min: [0],
      max: [2],
      mean: [1],
    });
    const { columns, bands } = prepareCurves([frame("a"), frame("b")], plain);
    expect(columns.map(({ runId, role }) => `${runId} ${role}`)).toEqual([
      "a high",
      "a low",
      "b high",
      "b low",
      "a line",
      "b line",
    ]);
    expect(bands).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });
  test("smoothing keeps the raw curve behind", () => {
    const curves = prepareCurves([exact("a", [0, 1], [0, 10])], {
      ...plain,
      smoothing: { kind: "ema", amount: 0.5 },
    });
    expect(curves.columns.map((column) => column.role)).toEqual(["raw", "line"]);
    expect(curves.values[0]).toEqual([0, 10]);
  });
  test("times become seconds, empty series vanish", () => {
    const curves = prepareCurves([exact("a", [1500], [1]), exact("b", [], [])], { ...plain, axis: "time" });
    expect(curves.x).toEqual([1.5]);
    expect(curves.runIds).toEqual(["a"]);
  });
  test("the nearest value skips places of other series", () => {
    expect(nearest([1, undefined, undefined, 4], 2)).toEqual({ at: 3, value: 4 });
    expect(nearest([undefined], 0)).toBeUndefined();
  });
});

describe("bars", () => {
  const one = (runId: string, value: number) => exact(runId, [0], [value]);
  test("single points become bars from zero, the greatest first", () =>
    expect(prepareBars([one("a", 1), one("b", 4), one("c", -1), exact("d", [], [])])).toEqual([
      { runId: "b", value: 4, from: 0.2, to: 1 },
      { runId: "a", value: 1, from: 0.2, to: 0.4 },
      { runId: "c", value: -1, from: 0, to: 0.2 },
    ]));
  test("what is not finite has no bar and stands where it belongs", () => {
    const bars = prepareBars([one("nan", Number.NaN), one("a", 2), one("inf", Number.POSITIVE_INFINITY)]) ?? [];
    expect(bars.map(({ runId }) => runId)).toEqual(["inf", "a", "nan"]);
    expect(bars.map(({ from, to }) => to - from)).toEqual([0, 1, 0]);
    expect(prepareBars([one("a", 0)])).toEqual([{ runId: "a", value: 0, from: 0, to: 0 }]);
  });
  test("a second point makes a curve, nothing makes nothing", () => {
    expect(prepareBars([one("a", 1), exact("b", [0, 1], [1, 2])])).toBeUndefined();
    expect(prepareBars([])).toBeUndefined();
  });
});

describe("colours", () => {
  const ids = Array.from({ length: 40 }, (_, i) => `0199${(i * 7919).toString(16).padStart(28, "0")}`);
  test("runs of one chart differ", () => {
    const seen = new Set([...styleRuns(ids).values()].map(({ colour, dash }) => `${colour}/${dash.join()}`));
    expect(seen.size).toBe(ids.length);
    expect(new Set([...styleRuns(ids.slice(0, colourCount)).values()].map(({ colour }) => colour)).size).toBe(
      colourCount,
    );
  });
  test("few runs never look alike", () => {
    const greens = [2, 7, 10];
    for (let at = 0; at + 6 <= ids.length; at++) {
      const used = [...styleRuns(ids.slice(at, at + 6)).values()].map(({ colour }) => colour);
      expect(used.filter((colour) => greens.includes(colour)).length).toBeLessThanOrEqual(1);
    }
  });
  test("newer runs never change the colour of older ones, order does not matter", () => {
    const few = styleRuns(ids.slice(0, 5).reverse());
    const many = styleRuns(ids);
    for (const [id, style] of few) expect(many.get(id)).toEqual(style);
  });
});

describe("keys", () => {
  test("grouped by prefix", () =>
    expect(groupKeys(["loss", "val/acc", "a/b/c", "auc"])).toEqual([
      { prefix: "", keys: ["loss", "auc"] },
      { prefix: "a/b", keys: ["a/b/c"] },
      { prefix: "val", keys: ["val/acc"] },
    ]));
  test("what most runs have and what makes a curve comes first", () => {
    const row = (counts: Record<string, number>) =>
      ({ metrics: Object.fromEntries(Object.entries(counts).map(([key, count]) => [key, { count }])) }) as RunRow;
    const child = row({ "train/loss": 40, "cv/acc": 5, "test/acc": 1 });
    const facts = factsOf([row({ "best/acc": 1, "candidates/acc": 60 }), child, child, child]);
    expect(facts.get("cv/acc")).toEqual({ runs: 3, points: 5 });
    expect(groupKeys(["unknown", ...facts.keys()].sort(), facts).map(({ prefix }) => prefix)).toEqual([
      "train",
      "cv",
      "test",
      "candidates",
      "",
      "best",
    ]);
  });
  test("found by text or regular expression", () => {
    expect(matchKeys(["Loss", "val/acc"], "lo").keys).toEqual(["Loss"]);
    expect(matchKeys(["loss", "val/acc"], "^val|x$").keys).toEqual(["val/acc"]);
    expect(matchKeys(["loss"], "(").error).toBeTruthy();
  });
});

test.each([
  ["system/gpu0_memory_percent", "system/gpu0"],
  ["system/cpu_percent", "system/cpu"],
  ["system/load", "system"],
  ["val/top/acc_5", "val/top"],
  ["loss", ""],
])("%s is grouped by %s", (key, prefix) => expect(prefixOf(key)).toBe(prefix));
