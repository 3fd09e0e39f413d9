import { expect, test } from "vitest";
import { panelKinds, readPanelSettings } from "./kinds";

test.each(panelKinds.map((kind) => [kind]))("%s reads anything", (kind) => {
  const strange = [null, 3, "x", [], {}, [1, 2], { kind: "metric" }, true, Number.NaN];
  const names = [
    "keys",
    "pattern",
    "expression",
    "axis",
    "xLog",
    "yLog",
    "smoothing",
    "clip",
    "yRange",
    "band",
    "x",
    "y",
    "colour",
  ];
  names.push("value", "by", "violin", "bins", "fields", "look", "params", "metrics", "key", "text", "title");
  for (const value of strange) {
    const read = readPanelSettings({ kind, ...Object.fromEntries(names.map((name) => [name, value])) });
    expect(read?.kind).toBe(kind);
    expect(readPanelSettings(JSON.parse(JSON.stringify(read)))).toEqual(read);
  }
});

test("settings come back", () => {
  const settings = {
    kind: "line",
    title: "Gap",
    expression: "a - b",
    axis: { kind: "metric", key: "epoch" },
    yLog: true,
    smoothing: { kind: "gaussian", amount: 4 },
    yRange: [0, 1],
    band: "error",
  };
  expect(readPanelSettings(settings)).toEqual(settings);
  expect(readPanelSettings({ ...settings, axis: { kind: "metric" }, yRange: [1, 0] })).not.toHaveProperty("axis");
  expect(readPanelSettings({ kind: "none" })).toBeUndefined();
});
