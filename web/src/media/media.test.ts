import { describe, expect, test } from "vitest";
import { densities } from "./densities";
import { measure, nearest, placeOf, sharesOf } from "./measures";
import { confusionOf, curvesOf, histogramOf, tableOf, textOf } from "./shapes";

describe("shapes", () => {
  test("that fit are read", () => {
    expect(histogramOf({ edges: [0, 1, 2], counts: [3, 4] })).toEqual({ edges: [0, 1, 2], counts: [3, 4], missing: 0 });
    expect(tableOf({ columns: ["a"], data: [[{ type: "image", path: "x.png" }], [{ b: 1 }], [null]] })?.rows).toEqual([
      [{ type: "image", path: "x.png" }],
      ['{"b":1}'],
      [null],
    ]);
    expect(
      curvesOf("roc", {
        curves: [{ falsePositiveRate: [0, 1], truePositiveRate: [0, 1], thresholds: ["Infinity", 0.5], auc: 0.5 }],
      }),
    ).toMatchObject([{ label: "curve 1", thresholds: [Number.POSITIVE_INFINITY, 0.5], area: 0.5 }]);
    expect(textOf({ text: "x", format: "markdown" })).toEqual({ text: "x", markdown: true });
  });

  test.each([
    [null],
    [[]],
    [{}],
    [{ edges: [0, 1], counts: ["a"] }],
    [{ edges: [0, 1, 2], counts: [1] }],
    [{ labels: ["a", "b"], counts: [[1, 2]] }],
    [{ labels: ["a"], counts: [[1, 2]] }],
    [{ columns: ["a"], rows: [1] }],
    [{ curves: [] }],
    [{ curves: [{ recall: [0], precision: [0, 1] }] }],
  ])("that do not fit are nothing: %j", (value) => {
    expect([
      histogramOf(value),
      tableOf(value),
      confusionOf(value),
      curvesOf("pr", value),
      curvesOf("roc", value),
      textOf(value),
    ]).toEqual(new Array(6).fill(undefined));
  });

  test("rows of a matrix need a class each", () => {
    const rows = { columns: ["a"], rows: [[1], [2]], actual: [0], predicted: [0] };
    expect(confusionOf({ labels: ["x"], counts: [[2]], rows })).toEqual({ labels: ["x"], counts: [[2]] });
  });
});

describe("histograms on common bins", () => {
  test("keep their sum, whatever their edges", () => {
    const { from, to, shares } = densities(
      [
        { edges: [0, 1, 2], counts: [1, 3], missing: 0 },
        { edges: [-2, 0.5, 4], counts: [2, 2], missing: 0 },
      ],
      8,
    );
    expect([from, to]).toEqual([-2, 4]);
    for (const row of shares) expect(row.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 12);
    expect(shares[0]?.[0]).toBe(0);
  });
  test("of nothing are empty", () =>
    expect(densities([{ edges: [0, 1], counts: [0], missing: 3 }], 2)).toEqual({
      from: 0,
      to: 1,
      shares: [[0, 0]],
      most: 0,
    }));
});

describe("a confusion matrix", () => {
  const matrix = {
    labels: ["cat", "dog"],
    counts: [
      [8, 2],
      [1, 9],
    ],
  };
  test("in numbers", () => {
    const { accuracy, classes, total } = measure(matrix);
    expect([accuracy, total]).toEqual([0.85, 20]);
    expect(classes[0]).toMatchObject({ recall: 0.8, precision: 8 / 9, f1: 16 / 19 });
  });
  test("in shares of rows and of columns", () => {
    expect(sharesOf(matrix, "actual")[0]).toEqual([0.8, 0.2]);
    expect(sharesOf(matrix, "predicted")[0]).toEqual([8 / 9, 2 / 11]);
  });
  test("a class that does not occur is left out of the means", () =>
    expect(
      measure({
        labels: ["a", "b"],
        counts: [
          [5, 0],
          [0, 0],
        ],
      }).macro.recall,
    ).toBe(1));
});

test("the nearest point of several curves", () => {
  const curve = { label: "", thresholds: [], area: undefined, positives: undefined, negatives: undefined };
  const curves = [
    { ...curve, x: [0, 1], y: [0, 1] },
    { ...curve, x: [0, 0.2, 1], y: [0, 0.9, 1] },
  ];
  expect(nearest(curves, 0.25, 0.8)).toEqual({ curve: 1, at: 1 });
  expect(nearest([], 0, 0)).toBeUndefined();
});

test.each([
  [undefined, 2],
  [0, 0],
  [10, 1],
  [14.9, 1],
  [99, 2],
])("step %s is shown by place %d", (step, place) => expect(placeOf([5, 10, 15], step)).toBe(place));
