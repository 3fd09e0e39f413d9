import { expect, test } from "vitest";
import type { RunDetails, RunInfo } from "@/api/types";
import { lineage } from "./graph";

const info = (id: string): RunInfo => ({
  id,
  experimentId: "1",
  name: id,
  user: "",
  status: "finished",
  startTime: 0,
  lifecycle: "active",
  updatedAt: 0,
});
const details = (children: number): RunDetails => ({
  run: {
    info: info("self"),
    params: {},
    metrics: {},
    tags: {},
    inputs: [
      { dataset: { name: "d", digest: "1", sourceType: "", source: "" }, tags: { context: "train" } },
      { dataset: { name: "d", digest: "1", sourceType: "", source: "" }, tags: { context: "eval" } },
    ],
    models: [
      { modelId: "m1", direction: "output", step: 3 },
      { modelId: "m0", direction: "input", step: 0 },
    ],
  },
  notes: "",
  children: Array.from({ length: children }, (_, at) => info(`child${at}`)),
});
const column = (nodes: { id: string; x: number }[], id: string) =>
  nodes.find((node) => node.id === id)?.x ?? Number.NaN;

test("what a run came from stands at its left, what it led to at its right", () => {
  const { nodes, edges } = lineage(details(2), [info("parent"), info("grand")]);
  const self = column(nodes, "run self");
  for (const id of ["run parent", "run grand", "dataset d 1", "model m0"]) expect(column(nodes, id)).toBeLessThan(self);
  for (const id of ["model m1", "run child0"]) expect(column(nodes, id)).toBeGreaterThan(self);
  expect(edges.map(({ from, to, label }) => [from, to, label])).toEqual([
    ["dataset d 1", "run self", "train"],
    ["dataset d 1", "run self", "eval"],
    ["run self", "model m1", undefined],
    ["model m0", "run self", undefined],
    ["run self", "run child0", undefined],
    ["run self", "run child1", undefined],
    ["run parent", "run self", undefined],
    ["run grand", "run parent", undefined],
  ]);
});

test("of very many neighbours the first are drawn, and the rest is counted", () => {
  const { nodes, edges } = lineage(details(1000), []);
  expect(nodes.length).toBeLessThan(50);
  expect(nodes.find((node) => node.kind === "more")?.title).toBe("962 more");
  const ids = new Set(nodes.map((node) => node.id));
  for (const { from, to } of edges) expect([ids.has(from), ids.has(to)]).toEqual([true, true]);
});
