import { expect, test } from "vitest";
import { goalOf } from "./goals";
import { readTable, standardSettings, writeTable } from "./settings";

test("settings come back, and only what was changed is kept", () => {
  const changed = {
    ...standardSettings,
    columns: ["name", "metrics.loss"],
    widths: { name: 300 },
    digits: 8,
    gradients: ["metrics.loss"],
    goals: { loss: "max" as const },
  };
  const kept = writeTable(changed);
  expect(Object.keys(kept).sort()).toEqual(["columns", "digits", "goals", "gradients", "widths"]);
  expect(readTable(JSON.parse(JSON.stringify(kept)))).toEqual(changed);
  expect(writeTable(standardSettings)).toEqual({});
  expect(readTable(undefined)).toEqual(standardSettings);
});

test.each([
  [{ columns: "name" }],
  [{ columns: [] }],
  [{ pinned: { 0: "a" } }],
  [{ widths: { a: 1, b: "2", c: 1e9 } }],
  [{ digits: 2.5 }],
  [{ digits: 99 }],
  [{ hideConstant: "yes", highlight: 1 }],
  [{ goals: { loss: "less" } }],
  [{ figure: "mode" }],
])("%j is as if nothing was kept", (part) => expect(readTable(part)).toEqual(standardSettings));

test.each([
  ["val/loss", "min"],
  ["loss/accuracy", "max"],
  ["test/f1", "max"],
  ["rmse", "min"],
  ["anything", "max"],
])("%s is best at its %s", (key, goal) => expect(goalOf(key, {})).toBe(goal));

test("what somebody said about a metric counts more than its name", () =>
  expect(goalOf("loss", { loss: "max" })).toBe("max"));
