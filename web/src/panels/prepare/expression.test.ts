import { describe, expect, test } from "vitest";
import { ExpressionError, parseExpression } from "./expression";

const compute = (text: string, values: Record<string, number> = {}) => {
  const { keys, evaluate } = parseExpression(text);
  return evaluate(keys.map((key) => values[key] ?? Number.NaN));
};

describe("arithmetic", () => {
  test.each([
    ["1 + 2 * 3", 7],
    ["(1 + 2) * 3", 9],
    ["8 / 4 / 2", 1],
    ["7 - 4 - 2", 1],
    ["2 ^ 3 ^ 2", 512],
    ["-2 ^ 2", -4],
    ["2 ^ -1", 0.5],
    ["--3", 3],
    [".5e1 + 1E-1", 5.1],
    ["min(3, 1, 2) + max(4, 5)", 6],
    ["sqrt(16) + abs(-1) + log(exp(2)) + log10(100)", 9],
    ["  1  ", 1],
  ])("%s", (text, value) => expect(compute(text)).toBeCloseTo(value, 12));
});

describe("metrics", () => {
  test("are named as they are", () => {
    expect(parseExpression("train/loss - val/loss").keys).toEqual(["train/loss", "val/loss"]);
    expect(compute("train/loss - val/loss", { "train/loss": 3, "val/loss": 1 })).toBe(2);
    expect(compute("`grad norm (L2)` * 2", { "grad norm (L2)": 4 })).toBe(8);
    expect(compute("Verlust_1.ä + 1", { "Verlust_1.ä": 1 })).toBe(2);
    expect(parseExpression("a * a + b").keys).toEqual(["a", "b"]);
  });
  test("a slash between spaces divides", () => expect(compute("a / b", { a: 6, b: 3 })).toBe(2));
  test("may be called as a function is", () => expect(compute("min + `max`", { min: 1, max: 2 })).toBe(3));
  test("a missing value is no number", () => expect(compute("a + 1")).toBeNaN());
});

describe("mistakes say what and where", () => {
  test.each([
    ["", "missing at the end", 0],
    ["a +", "missing at the end", 3],
    ["a b", "operator is missing before 'b'", 2],
    ["(a", "')' is missing", 2],
    ["a ) ", "operator is missing", 2],
    ["* a", "missing before '*'", 0],
    ["a $ b", "'$' means nothing", 2],
    ["`a", "backquote is not closed", 0],
    ["sin(a)", "no function 'sin'", 0],
    ["toString(a)", "no function 'toString'", 0],
    ["1 + log(a, b)", "'log' takes 1 values", 4],
    ["max(a)", "takes 2 to 20", 0],
    [`${"(".repeat(100)}a${")".repeat(100)}`, "nested too deeply", 51],
    [`${"-".repeat(900)}a`, "nested too deeply", 51],
    ["a".repeat(2000), "at most 1000", 1000],
  ])("%s", (text, message, at) => {
    const mistake = (() => {
      try {
        parseExpression(text);
      } catch (cause) {
        return cause;
      }
      return undefined;
    })();
    expect(mistake).toBeInstanceOf(ExpressionError);
    expect((mistake as ExpressionError).message).toContain(message);
    expect((mistake as ExpressionError).at).toBe(at);
  });
});
