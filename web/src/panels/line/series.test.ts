import { describe, expect, test } from "vitest";
import type { Frame, MetricGroups } from "@/api/types";
import { styleRuns } from "@/charts/prepare/colours";
import { prepareCurves } from "@/charts/prepare/curves";
import { scale, shift, withoutOutliers } from "@/charts/prepare/ranges";
import { describeShown } from "./describe";
import { toCsv, toSvg } from "./export";
import { combineFrames, groupFrames, groupName, tryExpression } from "./series";

const frame = (runId: string, key: string, x: number[], last: number[]): Frame => ({
  runId,
  key,
  exact: true,
  points: x.length,
  x,
  last,
});
const search = {
  kind: "search" as const,
  search: { experimentIds: ["1"], filter: "", orderBy: [], lifecycle: "active" as const },
  exact: true,
};
const plainly = { axis: "step" as const, smoothing: { kind: "ema" as const, amount: 0 }, log: false };

test("an expression is computed where all of its metrics have a point", () => {
  const read = tryExpression("a - b");
  if ("error" in read) throw new Error(read.error);
  const { keys, evaluate } = read.expression;
  const frames = [
    frame("1", "a", [0, 1, 2], [5, 6, 7]),
    frame("1", "b", [1, 2, 3], [1, 2, 3]),
    frame("2", "a", [0], [1]),
  ];
  const [one, other] = combineFrames(frames, keys, evaluate);
  expect(one).toMatchObject({ exact: true, points: 2, x: [1, 2], last: [5, 5] });
  expect(other).toMatchObject({ points: 0, x: [] });
  expect(tryExpression("a -")).toHaveProperty("error");
});

test("buckets of an expression take the bucket of the other metric that they lie in", () => {
  const read = tryExpression("a + b");
  if ("error" in read) throw new Error(read.error);
  const bucketed = { ...frame("1", "a", [0, 10, 20], [1, 2, 3]), exact: false, mean: [1, 2, 3] };
  const other = { ...frame("1", "b", [0, 8, 19], [10, 20, 30]), exact: false, mean: [10, 20, 30] };
  const [one] = combineFrames([bucketed, other], read.expression.keys, read.expression.evaluate);
  expect(one).toMatchObject({ exact: false, x: [0, 10, 20], last: [11, 22, 33] });
});

const answer: MetricGroups = {
  x: [0, 1, 2],
  runs: 30,
  complete: true,
  groups: [
    {
      by: { "params.model": "forest" },
      runs: 20,
      drawn: 20,
      mean: [1, 2, Number.NaN],
      deviation: [0.5, 1, Number.NaN],
      min: [0, 0, Number.NaN],
      max: [3, 4, Number.NaN],
      count: [4, 16, 0],
    },
  ],
};

describe("a group", () => {
  test.each([
    ["deviation", [0.5, 1], [1.5, 3]],
    ["error", [0.75, 1.75], [1.25, 2.25]],
    ["range", [0, 0], [3, 4]],
  ] as const)("with the band %s lies between", (band, low, high) => {
    const [drawn] = groupFrames(answer, ["params.model"], band).frames;
    expect([...Array.from(drawn?.x ?? [])]).toEqual([0, 1]);
    expect(Array.from(drawn?.min ?? [])).toEqual(low);
    expect(Array.from(drawn?.max ?? [])).toEqual(high);
  });

  test("is called by what its runs agree in", () => {
    const [group] = answer.groups;
    if (!group) throw new Error("No group");
    expect(groupName(group, ["params.model", "tags.stage"])).toBe("model forest, stage –");
    expect(groupName(group, [])).toBe("All runs");
    expect(groupFrames(answer, ["params.model"], "none").frames[0]?.min).toBeUndefined();
  });
});

test.each([
  [{ ...search, count: 30, groupBy: [] }, 30, undefined, undefined],
  [{ ...search, count: 3412, groupBy: [] }, 100, undefined, "First 100 of 3,412 runs"],
  [
    { ...search, count: 3412, groupBy: [] },
    100,
    { ...answer, runs: 3412 },
    "Mean ± deviation of all 3,412 runs; 100 in grey",
  ],
  [
    { ...search, count: 10_000, exact: false, groupBy: [] },
    0,
    { ...answer, runs: 10_000, complete: false },
    "Mean ± deviation of the newest 10,000 of 10,000+ runs",
  ],
  [{ ...search, count: 30, groupBy: ["params.model"] }, 0, answer, "1 group; mean ± deviation of all 30 runs"],
])("what is shown is said", (source, single, groups, text) =>
  expect(describeShown({ source, single, groups, band: "deviation" })).toBe(text),
);

test("of curves that are computed it is said that they are not grouped", () => {
  const shown = { single: 100, groups: undefined, band: "deviation", computed: true } as const;
  expect(describeShown({ ...shown, source: { ...search, count: 3412, groupBy: ["params.model"] } })).toBe(
    "First 100 of 3,412 runs, one by one: what is computed has no groups",
  );
  expect(describeShown({ ...shown, source: { ...search, count: 3412, groupBy: [] } })).toBe("First 100 of 3,412 runs");
  const source = { kind: "runs", ids: [], groupBy: ["params.model"] } as const;
  expect(describeShown({ ...shown, single: 3, source })).toBe("All 3 runs, one by one: what is computed has no groups");
});

describe("ranges", () => {
  test("move and grow, on a logarithmic axis by decades", () => {
    expect(shift([0, 10], 0.1, false)).toEqual([1, 11]);
    expect(shift([1, 100], 0.5, true)).toEqual([10, 1000]);
    expect(scale([0, 10], 0.5, false)).toEqual([2.5, 7.5]);
    expect(scale([1, 100], 0.5, true).map(Math.round)).toEqual([3, 32]);
  });

  test("a spike is left out, and an even curve is not cut", () => {
    const x = Array.from({ length: 300 }, (_, at) => at);
    const spike = prepareCurves(
      [
        frame(
          "1",
          "a",
          x,
          x.map((at) => (at === 77 ? 1000 : Math.sin(at))),
        ),
      ],
      plainly,
    );
    const [low = 0, high = 0] = withoutOutliers(spike, false) ?? [];
    expect(low).toBeCloseTo(-1, 1);
    expect(high).toBeLessThan(1.3);
    expect(withoutOutliers(prepareCurves([frame("1", "a", x, x)], plainly), false)).toBeUndefined();
  });
});

test("on a logarithmic axis what is at or before zero is left out and counted", () => {
  const curves = prepareCurves([frame("1", "a", [-1, 0, 1, 2], [1, 2, 3, 4])], { ...plainly, xLog: true });
  expect(curves.x).toEqual([1, 2]);
  expect(curves.notPositive).toBe(2);
});

test("downloads hold what is drawn, with signs kept apart", () => {
  const curves = prepareCurves([frame("1", "a", [0, 1], [1, Number.NaN]), frame("2", "a", [1], [4])], plainly);
  const names = new Map([
    ["1", 'one, "1"'],
    ["2", "two"],
  ]);
  expect(toCsv(curves, names, "step")).toBe('step,"one, ""1""",two\n0,1,\n1,NaN,4\n');
  const svg = toSvg({
    title: "<a> & b",
    width: 400,
    height: 200,
    x: { range: [0, 1], log: false, ticks: [[0, "0"]] },
    y: { range: [1, 100], log: true, ticks: [[10, "10"]] },
    lines: [
      {
        name: "one",
        colour: "#123456",
        dash: [2, 3],
        opacity: 1,
        points: [
          [
            [0, 1],
            [1, 100],
          ],
        ],
      },
    ],
    bands: [{ colour: "#123456", upper: [[0, 10]], lower: [[0, 1]] }],
    ink: "#000",
    grid: "#ccc",
    paper: "#fff",
  });
  expect(svg).toContain("&lt;a&gt; &amp; b");
  expect(svg).toContain('d="M62.0 166.0L384.0 40.0"');
  expect(svg).toContain('stroke-dasharray="2 3"');
  expect(styleRuns(["1"]).size).toBe(1);
});
