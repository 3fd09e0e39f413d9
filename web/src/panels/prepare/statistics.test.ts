import { describe, expect, test } from "vitest";
import { categoriesOf, isNumeric, numbersOf, place, scaleOf, valueAt } from "./columns";
import { cellsOf, contour, surfaceOf } from "./grid-cells";
import { barsOf, boxOf, density, groupValues, histogram, quantile, spearman } from "./statistics";

let seed = 5;
const random = () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};

describe("a field", () => {
  test("is numbers when nearly all that is there is one", () => {
    expect(isNumeric(["1", "2e-3", null])).toBe(true);
    expect(isNumeric(["1", "adam"])).toBe(false);
    expect(isNumeric([null, null])).toBe(false);
    expect(isNumeric(["", "1"])).toBe(false);
    expect([...numbersOf(["0.5", null, "x", 3, ""])]).toEqual([0.5, Number.NaN, Number.NaN, 3, Number.NaN]);
  });

  test("of texts is categories in order", () => {
    const scale = scaleOf("params.model", ["b", "a10", "a9", null, "b"]);
    expect(scale).toMatchObject({ kind: "category", categories: ["a9", "a10", "b"] });
    expect([...scale.values]).toEqual([2, 1, 0, Number.NaN, 2]);
    expect(categoriesOf(["b", "a", "b"])[0]).toEqual({ value: "b", count: 2 });
  });

  test("over decades is read in decades, and the way back is the inverse", () => {
    const scale = scaleOf("params.lr", ["0.0001", "0.1", "0.01"]);
    expect(scale.log).toBe(true);
    expect(place(scale, 0.001)).toBeCloseTo(1 / 3);
    expect(place(scale, -1)).toBeNaN();
    for (const part of [0, 0.3, 1]) expect(place(scale, valueAt(scale, part))).toBeCloseTo(part);
    expect(scaleOf("params.lr", ["0.0001", "0.1"], false).log).toBe(false);
    expect(scaleOf("metrics.x", [0, 1]).log).toBe(false);
  });

  test("that never changes still has a scale", () => {
    const scale = scaleOf("metrics.x", [3, 3]);
    expect(place(scale, 3)).toBe(0.5);
    expect(scaleOf("metrics.x", [null]).categories).toEqual([]);
  });
});

test("quantiles, boxes and bars", () => {
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
  const box = boxOf("a", [1, 2, 3, 4, 5, 100, Number.NaN]);
  expect(box).toMatchObject({ count: 6, low: 1, high: 5, median: 3.5, outliers: [100] });
  expect(boxOf("a", [Number.NaN])).toBeUndefined();
  const by = ["x", "y", "x", null];
  expect(groupValues([1, 2, 3, 4], by, 1)).toEqual({ groups: [{ name: "x", values: [1, 3] }], omitted: 1 });
  expect(barsOf([1, 2, 3, 4], by, [], 10).bars).toEqual([
    { name: "x", value: 2, count: 2, deviation: Math.SQRT2 },
    { name: "y", value: 2, count: 1, deviation: 0 },
  ]);
  expect(barsOf([1, Number.NaN, 3], undefined, ["a", "b", "c"], 1)).toMatchObject({
    bars: [{ name: "c" }],
    omitted: 1,
  });
});

test("a histogram holds every finite value once, whatever they are", () => {
  for (let round = 0; round < 200; round++) {
    const values = Array.from({ length: 1 + Math.floor(random() * 400) }, () =>
      random() < 0.02
        ? Number.NaN
        : random() < 0.3
          ? Math.floor(random() * 3)
          : (random() - 0.5) * 10 ** (random() * 6),
    );
    const log = random() < 0.5;
    const bins = histogram(values, random() < 0.5 ? undefined : 2 + Math.floor(random() * 30), log);
    const used = values.filter((value) => Number.isFinite(value) && (!log || value > 0));
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(used.length);
    expect(bins.every(({ from, to }) => from < to)).toBe(true);
  }
});

test("density is highest where values are", () => {
  const sorted = Float64Array.from({ length: 500 }, () => random() + random() + random()).sort();
  const curve = density(sorted, 41);
  const top = curve.reduce((best, one) => (one.value > best.value ? one : best));
  expect(top.at).toBeGreaterThan(1);
  expect(top.at).toBeLessThan(2);
});

describe("rank correlation", () => {
  test("is one for whatever rises, and knows ties", () => {
    const x = Array.from({ length: 50 }, (_, at) => at);
    expect(
      spearman(
        x,
        x.map((one) => Math.exp(one / 9)),
      ).value,
    ).toBeCloseTo(1, 12);
    expect(
      spearman(
        x,
        x.map((one) => -one),
      ).value,
    ).toBeCloseTo(-1, 12);
    // By hand: ranks 1, 2.5, 2.5, 4 and 2, 1, 3, 4.
    expect(spearman([10, 20, 20, 30], [2, 1, 3, 4]).value).toBeCloseTo(0.6325, 4);
  });

  test("needs three pairs that change", () => {
    expect(spearman([1, 2], [1, 2]).value).toBeNaN();
    expect(spearman([1, 1, 1], [1, 2, 3]).value).toBeNaN();
    expect(spearman([1, Number.NaN, 2, 3], [1, 2, Number.NaN, 3])).toEqual({ value: Number.NaN, count: 2 });
  });
});

describe("a value over two fields", () => {
  const x = scaleOf("params.a", ["1", "1", "2", "2", "x"]);
  const y = scaleOf("params.b", ["p", "q", "p", "p", "q"]);

  test("is the mean of each cell", () => {
    const many = scaleOf(
      "params.a",
      Array.from({ length: 9 }, (_, at) => String(at < 5 ? 1 : 2)),
    );
    const cells = cellsOf(
      many,
      scaleOf(
        "params.b",
        Array.from({ length: 9 }, (_, at) => (at % 2 ? "p" : "q")),
      ),
      [1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
    expect(cells.x).toEqual(["1", "2"]);
    expect(cells.cells.reduce((sum, [, , , runs]) => sum + runs, 0)).toBe(9);
    expect(cells.cells).toContainEqual([0, 0, 3, 2]);
    expect(cellsOf(x, y, [1, 2, 3, 5, 9]).cells.reduce((sum, [, , , runs]) => sum + runs, 0)).toBe(5);
  });

  test("has contours that close around a hill", () => {
    const at = Array.from({ length: 900 }, (_, index) => [(index % 30) / 29, Math.floor(index / 30) / 29] as const);
    const height = at.map(([a, b]) => -((a - 0.5) ** 2) - (b - 0.5) ** 2);
    const surface = surfaceOf(
      scaleOf(
        "a",
        at.map(([a]) => a),
      ),
      scaleOf(
        "b",
        at.map(([, b]) => b),
      ),
      height,
      25,
    );
    const segments = contour(surface, 25, -0.06);
    expect(segments.length).toBeGreaterThan(20);
    const ends = new Map<string, number>();
    for (const [x1, y1, x2, y2] of segments)
      for (const end of [`${x1.toFixed(6)} ${y1.toFixed(6)}`, `${x2.toFixed(6)} ${y2.toFixed(6)}`])
        ends.set(end, (ends.get(end) ?? 0) + 1);
    expect([...ends.values()].every((count) => count === 2)).toBe(true);
  });
});
