import { describe, expect, test } from "vitest";
import { scaleOf } from "./columns";
import { fieldsAtFirst, firstSettings, mainMetric } from "./defaults";
import { panelKinds, readPanelSettings } from "./kinds";
import {
  between,
  brushCondition,
  countActive,
  drawLines,
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

test("every line passes each column of pixels, joined from row to row", () => {
  const raster = rasterOf(40, 30);
  const style = { xs: [0, 39], shades: Uint8Array.of(0, 10, 20, 30), palette: new Uint32Array(64), blend: true };
  drawLines(lines, undefined, style, raster);
  for (let x = 0; x < 39; x++) {
    const rows = Array.from({ length: 30 }, (_, y) => raster.count[y * 40 + x] ?? 0);
    expect(rows.reduce((sum, one) => sum + (one > 0 ? 1 : 0), 0)).toBeGreaterThan(0);
  }
  drawLines(lines, Uint8Array.of(0, 1, 0, 0), style, raster);
  expect(raster.count[15 * 40 + 20]).toBeGreaterThan(0);
  expect(Math.max(...raster.shade)).toBeLessThanOrEqual(10 * Math.max(...raster.count));
  const pixels = new Uint32Array(40 * 30);
  style.palette.fill(pixelOf("#336699"));
  tone(raster, style, 0.5, pixels);
  expect(pixels[15 * 40 + 20]?.toString(16).slice(-6)).toBe("996633");
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
