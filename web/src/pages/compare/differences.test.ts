import { expect, test } from "vitest";
import type { JsonNumber, RunRow } from "@/api/types";
import { differences, goalOf } from "./differences";

const run = (id: string, params: Record<string, string>, metrics: Record<string, JsonNumber>): RunRow => ({
  info: {
    id,
    experimentId: "1",
    name: id,
    user: "",
    status: "finished",
    startTime: 0,
    endTime: 1000,
    lifecycle: "active",
    updatedAt: 0,
  },
  params,
  metrics: Object.fromEntries(
    Object.entries(metrics).map(([key, last]) => [key, { last, step: 1, time: 0, first: last, count: 2 }]),
  ),
  tags: {},
  inputs: [],
  models: [],
});
const row = (title: string, key: string, rows: RunRow[]) =>
  differences(rows)
    .find((section) => section.title === title)
    ?.rows.find((one) => one.key === key);

test("the name of a metric tells which end is good, or nothing", () => {
  expect(goalOf("val/loss")).toBe("low");
  expect(goalOf("accuracy")).toBe("high");
  expect(goalOf("val_f1")).toBe("high");
  expect(goalOf("top-1 error")).toBe("low");
  expect(goalOf("glossary")).toBeUndefined();
  expect(goalOf("grad_norm")).toBeUndefined();
});

test("the best is marked, all of them when equal, none when all are equal or NaN", () => {
  const [a, b, c] = [run("a", {}, { loss: 1 }), run("b", {}, { loss: "NaN" }), run("c", {}, { loss: 0.5 })];
  expect([...(row("Metrics", "loss", [a, b, c])?.best ?? [])]).toEqual([2]);
  expect([...(row("Metrics", "loss", [a, c, c])?.best ?? [])]).toEqual([1, 2]);
  expect(row("Metrics", "loss", [a, a])?.best.size).toBe(0);
  expect(row("Metrics", "loss", [a, b])?.best.size).toBe(0);
});

test("a missing key is a difference", () => {
  const rows = [run("a", { lr: "0.1", seed: "1" }, {}), run("b", { seed: "1" }, {})];
  expect(row("Params", "lr", rows)).toMatchObject({ differs: true, cells: [{ text: "0.1" }, undefined] });
  expect(row("Params", "seed", rows)?.differs).toBe(false);
});

test("what machines report is left out", () =>
  expect(row("Metrics", "system/cpu", [run("a", {}, { "system/cpu": 1 })])).toBeUndefined());
