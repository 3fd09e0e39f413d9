import { expect, test } from "vitest";
import { readBlock } from "../blocks/block";
import { describeBlock, type Entries } from "./describe";

const entries: Entries = { experiment: "7", view: "", filter: "", keys: "", columns: "", path: "", pick: "last" };

test("nothing is inserted as long as something is missing", () => {
  expect(describeBlock("chart", entries, [])).toBeUndefined();
  expect(describeBlock("run", entries, [])).toBeUndefined();
  expect(describeBlock("metric", { ...entries, keys: "loss" }, [])).toBeUndefined();
  expect(describeBlock("image", { ...entries, path: " " }, ["a"])).toBeUndefined();
  expect(describeBlock("table", { ...entries, experiment: "" }, [])).toBeUndefined();
});

test("what is inserted is a block that can be read", () => {
  const full = {
    ...entries,
    filter: "metrics.loss < 1",
    keys: "loss, val/loss,",
    columns: "params.lr",
    path: "a/b.png",
  };
  for (const kind of ["chart", "table", "run", "image", "metric"] as const) {
    const block = describeBlock(kind, full, ["a"]);
    expect(readBlock(JSON.stringify(block)).kind).toBe(kind);
  }
});

test("named runs take the place of a search", () => {
  expect(describeBlock("chart", { ...entries, keys: "loss", filter: "x" }, ["a"])).toEqual({
    kind: "chart",
    keys: ["loss"],
    runs: ["a"],
  });
  expect(describeBlock("chart", { ...entries, keys: "loss", filter: "x" }, [])).toEqual({
    kind: "chart",
    keys: ["loss"],
    experiment: "7",
    filter: "x",
  });
});

test("a saved view is named beside the search, and not beside runs", () => {
  const viewed = { ...entries, view: "3", filter: "metrics.loss < 1" };
  expect(describeBlock("table", viewed, [])).toEqual({
    kind: "table",
    experiment: "7",
    view: "3",
    filter: "metrics.loss < 1",
  });
  expect(describeBlock("table", viewed, ["a"])).toEqual({ kind: "table", runs: ["a"] });
});
