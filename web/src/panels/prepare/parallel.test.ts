import { describe, expect, test } from "vitest";
import { scaleOf } from "./columns";
import { fieldsAtFirst, firstSettings, mainMetric } from "./defaults";
import { panelKinds, readPanelSettings } from "./kinds";
import {
  addLines,
  between,
  brushCondition,
  countActive,
  linesOf,
  pixelOf,
  rasterOf,
  tone,
  withinBrushes,
} from "./parallel";

const axes = [scaleOf("params.lr", ["0.0001", "0.01", "1", null]), scaleOf("params.model", ["a", "b", "c", "a"])];
const lines = linesOf(axes, 4);

describe("ranges on axes", () => {
  test("choose the runs that lie in all of them, and none without a value", () => {
    expect([...(lines.places[0] ?? [])]).toEqual([0, 0.5, 1, -1]);
    expect([...withinBrushes(lines, [])]).toEqual([1, 1, 1, 1]);
    expect([...withinBrushes(lines, [{ from: 0, to: 0.6 }])]).toEqual([1, 1, 0, 0]);
    expect(
      countActive(
        withinBrushes(lines, [
          { from: 0, to: 0.6 },
          { from: 0.5, to: 1 },
        ]),
      ),
    ).toBe(1);
  });

  test("are a condition that holds for the same runs", () => {
    expect(brushCondition(lines, [])).toBeUndefined();
    expect(brushCondition(lines, [{ from: 0, to: 0.5 }, undefined])).toBe("params.lr >= 0.0001 and params.lr <= 0.01");
    expect(brushCondition(lines, [undefined, { from: 0.4, to: 1 }])).toBe('params.model in ("b", "c")');
    expect(brushCondition(lines, [undefined, { from: 0.4, to: 0.6 }])).toBe('params.model = "b"');
  });

  test("rounded borders lose nobody at the edge", () => {
    let seed = 3;
    for (let round = 0; round < 500; round++) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      const value = (seed / 2 ** 31 - 1) * 10 ** ((round % 30) - 15);
      const scale = scaleOf("metrics.x", [value, value + Math.abs(value) + 1]);
      const [, least = "", greatest = ""] =
        /(\S+) and metrics.x <= (\S+)/.exec(brushCondition(linesOf([scale], 2), [{ from: 0, to: 1 }]) ?? "") ?? [];
      expect(Number(least)).toBeLessThanOrEqual(value);
      expect(Number(greatest)).toBeGreaterThanOrEqual(value + Math.abs(value) + 1);
    }
  });
});

describe("lines", () => {
  const shades = Uint8Array.of(0, 10, 20, 30);
  const palette = new Uint32Array(64).fill(pixelOf("#336699"));

  test("pass each column of pixels, joined from row to row", () => {
    const style = { xs: [0, 39], shades, palette, scale: true };
    const raster = rasterOf(40, 30, style);
    addLines(lines, [0, 1, 2, 3], style, raster, 1);
    for (let x = 0; x < 39; x++) {
      const rows = Array.from({ length: 30 }, (_, y) => raster.count[y * 40 + x] ?? 0);
      expect(rows.reduce((sum, one) => sum + (one > 0 ? 1 : 0), 0)).toBeGreaterThan(0);
    }
    const pixels = new Uint32Array(40 * 30);
    tone(raster, palette, 0.5, pixels);
    expect(pixels[29 * 40]?.toString(16).slice(-6)).toBe("996633");
    expect(pixels[39]).toBe(0);
  });

  test.each([[true], [false]])("that are taken away leave what would be there without them (scale %s)", (scale) => {
    const style = { xs: [0, 39], shades, palette, scale };
    const [both, one] = [rasterOf(40, 30, style), rasterOf(40, 30, style)];
    addLines(lines, [0, 1, 2, 3], style, both, 1);
    addLines(lines, [0, 2], style, both, -1);
    addLines(lines, [1, 3], style, one, 1);
    expect(both).toEqual(one);
    const pixels = new Uint32Array(40 * 30);
    tone(both, palette, 0.9, pixels);
    expect(pixels[15 * 40 + 1]?.toString(16).slice(-6)).toBe("996633");
  });
});

test("colours between others", () => {
  expect(between(["#000000", "#ffffff"], 0)).toBe("#000000");
  expect(between(["#000000", "#ff0000", "#ffffff"], 0.5)).toBe("#ff0000");
  expect(pixelOf("#010203")).toBe(0xff030201);
});

describe("a new panel", () => {
  const facts = new Map([
    ["val/loss", { runs: 5, points: 9 }],
    ["train/loss", { runs: 5, points: 9 }],
    ["epoch", { runs: 5, points: 9 }],
  ]);

  test("is about the metric that counts", () => {
    expect(mainMetric(["epoch", "train/loss", "val/loss"], facts)).toBe("val/loss");
    expect(mainMetric([], facts)).toBeUndefined();
    expect(fieldsAtFirst(["lr", "seed"], ["val/loss"], facts)).toEqual(["params.lr", "metrics.val/loss"]);
  });

  test.each(panelKinds.map((kind) => [kind]))("of kind %s has settings that come back", (kind) => {
    for (const metrics of [[], ["val/loss", "epoch"]]) {
      const made = firstSettings(kind, ["lr", "depth"], metrics, facts);
      expect(readPanelSettings(JSON.parse(JSON.stringify(made)))).toEqual(made);
    }
  });
});
