import { expect, test } from "vitest";
import { type Column, columnOf } from "@/table/columns";
import { narrowTo } from "./group-filter";

const by = (...ids: string[]) => ids.map((id) => columnOf(id) as Column);

test("a filter is narrowed to the values of a group, the outermost first", () => {
  expect(narrowTo("", by("params.model"), ["forest"])).toBe('params.model = "forest"');
  expect(narrowTo('metrics.a > 1 or name = "x"', by("params.model", "tags.team"), ["forest", 'say "hi"'])).toBe(
    '(metrics.a > 1 or name = "x") and params.model = "forest" and tags.team = "say ""hi"""',
  );
});

test("runs that lack the value are found, and what cannot be asked for is said", () => {
  expect(narrowTo("", by("params.learning rate"), [null])).toBe('not params.`learning rate` like "%"');
  expect(narrowTo("", by("metrics.loss"), [0.5])).toBeUndefined();
});
