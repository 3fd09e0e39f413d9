import { describe, expect, test } from "vitest";
import { complete, errorColumn } from "./filter";

const keys = { metrics: ["loss", "val loss", "auc"], params: ["lr", "model"], tags: ["team"], truncated: false };
const at = (text: string) => {
  const caret = text.indexOf("|");
  const result = complete(text.replace("|", ""), caret, keys);
  return { ...result, texts: result.items.map((item) => item.text) };
};

describe("completion", () => {
  test("an empty filter offers fields", () =>
    expect(at("|").texts.slice(0, 3)).toEqual(["name", "status", "start_time"]));
  test("keys are found by their own name", () =>
    expect(at("lo|").texts).toEqual(["metrics.loss", "metrics.`val loss`"]));
  test("a prefix with its entity", () => expect(at("params.m|").texts).toEqual(["params.model"]));
  test("the whole word under the caret is replaced", () => {
    const found = at("params.mo|zz = 1");
    expect([found.from, found.to]).toEqual([0, 11]);
  });
  test("a metric offers comparisons", () => expect(at("metrics.loss |").texts).toContain("<="));
  test("text offers contains", () => expect(at("params.model |").texts).toContain("contains"));
  test("statuses are values", () => expect(at("status = |").texts).toContain('"failed"'));
  test("a half-written status narrows", () => expect(at('status = "fa|').texts).toEqual(['"failed"']));
  test("after a condition comes and, or", () => expect(at("metrics.loss < 0.1 |").texts).toEqual(["and", "or"]));
  test("after and comes a field", () => expect(at("metrics.loss < 0.1 and a|").texts[0]).toBe("metrics.auc"));
  test("a key with a space is one field", () => expect(at("metrics.`val loss` |").texts).toContain("<"));
  test("inside a list no words are offered", () => expect(at('status in ("failed", |').texts).toContain('"killed"'));
  test("after a list comes and", () => expect(at('status in ("failed") |').texts).toEqual(["and", "or"]));
  test("is null", () => expect(at("metrics.auc is |").texts).toEqual(["null", "not null"]));
  test("parentheses open a condition", () => expect(at("(au|").texts).toEqual(["metrics.auc"]));
});

test("an error names its column", () => {
  expect(errorColumn("Filter, column 15: expected a number.")).toEqual({ column: 15, text: "Expected a number." });
  expect(errorColumn("The page token is not one of this search.").column).toBeUndefined();
});
