import { describe, expect, test } from "vitest";
import { barFor, lineHeight, markPieces, scrollHeight, topOf, viewAt } from "./view";

describe.each([10, 1000, 400_000, 5_000_000])("%d lines", (total) => {
  const height = 610;
  const bar = scrollHeight(total, height) - height;

  test("the ends of the bar are the ends of the console", () => {
    expect(viewAt(total, height, 0)).toMatchObject({ first: 0, offset: 0 });
    const last = viewAt(total, height, bar);
    expect(last.first + last.count).toBe(total);
    expect(scrollHeight(total, height)).toBeLessThanOrEqual(8_000_000);
  });

  test("every line can be brought to the top or into the middle", () => {
    for (const line of [0, 3, Math.floor(total / 2), total - 1]) {
      for (const share of [0, 0.5]) {
        const { first, count } = viewAt(total, height, topOf(line, total, height, share));
        expect(line).toBeGreaterThanOrEqual(first);
        expect(line).toBeLessThan(first + count);
      }
    }
  });

  test("a step of the wheel moves the lines by its pixels", () => {
    if (total * lineHeight <= height) return;
    const before = viewAt(total, height, 0);
    const after = viewAt(total, height, barFor(100, total, height));
    expect(after.first * lineHeight + after.offset - before.offset).toBeCloseTo(100, 3);
  });
});

test("a match is marked across pieces, and no letter is lost", () => {
  const pieces = [
    { text: "loss=", look: {} },
    { text: "0.25", look: { colour: 1 } },
    { text: " ok", look: {} },
  ];
  const marked = markPieces(pieces, 3, 5);
  expect(marked.map(({ text, marked: hit }) => [text, hit ?? false])).toEqual([
    ["los", false],
    ["s=", true],
    ["0.2", true],
    ["5", false],
    [" ok", false],
  ]);
  expect(markPieces(pieces, 100, 5).map((piece) => piece.text)).toEqual(["loss=", "0.25", " ok"]);
});
