import { describe, expect, test } from "vitest";
import { decodeSmoothing, encodeSmoothing, type Smoothing, smooth } from "./smooth";

const kinds: Smoothing[] = [
  { kind: "ema", amount: 0.9 },
  { kind: "gaussian", amount: 3 },
  { kind: "mean", amount: 7 },
];
const wave = Array.from({ length: 200 }, (_, i) => Math.sin(i) * 5);

describe.each(kinds)("$kind", (how) => {
  test("a constant stays", () => {
    for (const value of smooth(new Array(30).fill(2), how)) expect(value).toBeCloseTo(2, 9);
  });
  test("gaps stay gaps and change nothing around them", () => {
    const gaps = [...wave.slice(0, 20), null, Number.NaN, ...wave.slice(20)];
    const made = smooth(gaps, how);
    expect(made.slice(20, 22)).toEqual([null, null]);
    expect(made.filter((value) => value !== null)).toEqual(smooth(wave, how));
  });
  test("stays within the values and is calmer than they are", () => {
    const made = smooth(wave, how) as number[];
    for (const value of made) expect(Math.abs(value)).toBeLessThanOrEqual(5);
    const unrest = (values: readonly number[]) =>
      values.slice(1).reduce((sum, value, at) => sum + Math.abs(value - (values[at] ?? 0)), 0);
    expect(unrest(made)).toBeLessThan(unrest(wave) * 0.6);
  });
  test("nothing gives nothing", () => expect(smooth([], how)).toEqual([]));
  test("the address holds it", () => expect(decodeSmoothing(encodeSmoothing(how))).toEqual(how));
});

test("a running mean and a bell keep a straight line, also at its ends", () => {
  const line = Array.from({ length: 40 }, (_, i) => 3 * i - 7);
  for (const how of kinds.slice(1))
    for (const [at, value] of smooth(line, how).entries()) expect(value).toBeCloseTo(line[at] ?? 0, 9);
});

test("an average remembers by its weight", () =>
  expect(smooth([0, 1], { kind: "ema", amount: 0.5 })).toEqual([0, 2 / 3]));

test("amount zero changes nothing", () =>
  expect(smooth([1, null, 5], { kind: "mean", amount: 0 })).toEqual([1, null, 5]));

test("what is no smoothing is none", () => {
  for (const text of [undefined, "", "0", "-1", "mean", "mean:0", "cubic:3", "1e5x"])
    expect(decodeSmoothing(text).amount).toBe(0);
  expect(decodeSmoothing("0.9")).toEqual({ kind: "ema", amount: 0.9 });
  expect(decodeSmoothing("7")).toEqual({ kind: "ema", amount: 0.99 });
});
