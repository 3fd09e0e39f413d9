import { expect, test } from "vitest";
import { compress, expand } from "./all-columns";

const keys = { metrics: ["a", "b", "c", "d"], params: ["p"], tags: [], truncated: false };
const layout = ["name", "metrics.c", "metrics.*"];

test("an entry stands for every key that is not named or hidden", () => {
  expect(expand(layout, keys, ["metrics.b"])).toEqual({
    ids: ["name", "metrics.c", "metrics.a", "metrics.d"],
    added: ["metrics.a", "metrics.d"],
  });
  expect(expand(["params.*", "tags.*"], keys, []).ids).toEqual(["params.p"]);
  expect(expand(layout, undefined, []).ids).toEqual(["name", "metrics.c"]);
});

test.each([
  ["nothing changed", ["name", "metrics.c", "metrics.a", "metrics.b", "metrics.d"], ["name", "metrics.c"], []],
  ["one was hidden", ["name", "metrics.c", "metrics.a", "metrics.d"], ["name", "metrics.c"], ["metrics.b"]],
  [
    "one was moved to the front",
    ["name", "metrics.d", "metrics.c", "metrics.a", "metrics.b"],
    ["name", "metrics.d", "metrics.c"],
    [],
  ],
  [
    "one was added at the end",
    ["name", "metrics.c", "metrics.a", "metrics.b", "metrics.d", "user"],
    ["name", "metrics.c", "metrics.a", "metrics.b", "metrics.d", "user"],
    [],
  ],
])("when %s the layout shows the same again", (_, ids, named, hidden) => {
  const { added } = expand(layout, keys, []);
  const kept = compress(ids, layout, added, []);
  expect(kept).toEqual({ columns: [...named, "metrics.*"], hidden });
  expect(expand(kept.columns, keys, kept.hidden).ids).toEqual(ids);
});

test("a layout of named columns stays one", () =>
  expect(compress(["name", "user"], ["name"], [], [])).toEqual({ columns: ["name", "user"], hidden: [] }));
