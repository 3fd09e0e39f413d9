import { describe, expect, test } from "vitest";
import { formatAgo, formatBytes, formatDuration, formatNumber, plural, shorten, toNumber } from "./format";

describe("numbers", () => {
  test.each([
    [0, "0"],
    [0.1 + 0.2, "0.3"],
    [0.123456789, "0.12346"],
    [-0.5, "−0.5"],
    [1234567, "1,234,567"],
    [12345678, "1.235e7"],
    [0.00001234, "1.234e−5"],
    [100.5, "100.5"],
    [Number.NaN, "NaN"],
    [Number.NEGATIVE_INFINITY, "−∞"],
  ])("%d reads %s", (value, text) => expect(formatNumber(value)).toBe(text));

  test("named values of the wire become numbers", () => {
    expect(toNumber("NaN")).toBeNaN();
    expect(toNumber("-Infinity")).toBe(Number.NEGATIVE_INFINITY);
    expect(toNumber(undefined)).toBeNaN();
  });
});

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [150 * 1024, "150 KiB"],
  [5 * 2 ** 30, "5.0 GiB"],
])("%d bytes read %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test.each([
  [250, "250 ms"],
  [9_940, "9.9 s"],
  [59_999, "59 s"],
  [60_000, "1 min"],
  [90_500, "1 min 30 s"],
  [3_600_000, "1 h"],
  [90_000_000, "1 d 1 h"],
])("%d ms read %s", (ms, text) => expect(formatDuration(ms)).toBe(text));

test("ages grow coarser", () => {
  const now = Date.UTC(2026, 5, 15, 12);
  expect(formatAgo(now - 5_000, now)).toBe("just now");
  expect(formatAgo(now - 90_000, now)).toBe("1 min ago");
  expect(formatAgo(now - 3 * 86_400_000, now)).toBe("3 d ago");
  expect(formatAgo(now - 30 * 86_400_000, now)).toBe("16 May");
  expect(formatAgo(now - 400 * 86_400_000, now)).toContain("2025");
});

test("words", () => {
  expect(plural(1, "run")).toBe("1 run");
  expect(plural(2000, "run")).toBe("2,000 runs");
  expect(shorten("0123456789abcdef")).toBe("01234567");
  expect(shorten("0123456789")).toBe("0123456789");
});
