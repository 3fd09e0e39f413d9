import { describe, expect, test } from "vitest";
import type { MediaKey } from "@/api/types";
import { noArrangement, pinned, placePanel, readArrangement, removePanel, writeArrangement } from "./arrangement";
import { describeMedia } from "./describe-media";
import { flow } from "./flow";
import { isLight, keysOfMedia } from "./media-keys";
import { narrow, outline, settingsOf, titleOf } from "./outline";

const facts = new Map();
const keys = Array.from({ length: 15 }, (_, at) => `picture ${at}`);
const media = (arrangement = noArrangement) =>
  outline(["loss"], facts, arrangement, keys).find(({ id }) => id === "media");

describe("panels of media", () => {
  test("are there by themselves for the first twelve keys, below the metrics", () => {
    expect(outline(["loss"], facts, noArrangement, keys).map(({ name }) => name)).toEqual(["Metrics", "Media"]);
    expect(media()?.panels).toHaveLength(12);
    expect(media()?.without).toBe(3);
    expect(outline(["loss"], facts, noArrangement).map(({ name }) => name)).toEqual(["Metrics"]);
  });

  test("are moved and hidden as those of metrics, and stay so", () => {
    const moved = placePanel(noArrangement, "i:picture 1", { section: pinned }, "media", []);
    const hidden = removePanel(moved, "i:picture 2");
    const read = readArrangement(JSON.parse(JSON.stringify(writeArrangement(hidden))));
    expect(read).toEqual(hidden);
    expect(outline(["loss"], facts, read, keys)[0]).toMatchObject({ id: pinned, panels: ["i:picture 1"] });
    expect(media(read)).toMatchObject({ hidden: ["i:picture 2"] });
    expect(media(read)?.panels).toHaveLength(10);
  });

  test("show their key unless another was chosen", () => {
    expect(settingsOf("i:a/b", undefined)).toEqual({ kind: "media", key: "a/b" });
    expect(settingsOf("i:a/b", { settings: { kind: "media", step: 3 } })).toEqual({
      kind: "media",
      key: "a/b",
      step: 3,
    });
    expect(titleOf("i:a/b", settingsOf("i:a/b", undefined))).toBe("a/b");
    const all = outline([], facts, noArrangement, keys);
    expect(narrow(all, noArrangement, "picture 3").sections.map(({ panels }) => panels)).toEqual([["i:picture 3"]]);
  });

  test("are wider than curves, where there is room", () => {
    const all = outline([], facts, noArrangement, keys);
    expect(flow(all, {}, 4).boxes.map(({ span }) => span)).toEqual(keys.slice(0, 12).map(() => 2));
    expect(flow(all, {}, 1).boxes[0]?.span).toBe(1);
  });
});

test("keys are listed once, with the steps of all their types", () => {
  const one = (key: string, type: MediaKey["type"], firstStep: number, lastStep: number): MediaKey => ({
    key,
    type,
    firstStep,
    lastStep,
    count: 1,
    lastTime: 0,
    runs: 1,
  });
  const found = keysOfMedia([one("b", "image", 5, 9), one("a", "table", 0, 1), one("b", "text", 2, 7)]);
  expect(found).toEqual([
    { key: "a", types: ["table"], firstStep: 0, lastStep: 1 },
    { key: "b", types: ["image", "text"], firstStep: 2, lastStep: 9 },
  ]);
  expect(found.map(isLight)).toEqual([false, false]);
});

test("a panel of media says what it shows of all", () => {
  const source = { kind: "runs", ids: [], groupBy: [] } as const;
  const shown = { source, runs: 3, looked: 3, found: 3, missing: 0, shown: 3, step: undefined };
  expect(describeMedia(shown)).toBe("3 runs");
  expect(describeMedia({ ...shown, found: 2, missing: 1, shown: 2, step: 20 })).toBe(
    "3 runs; 1 has nothing up to step 20",
  );
  expect(describeMedia({ ...shown, runs: 30, looked: 30, found: 30, shown: 24 })).toBe("24 of 30 runs");
  const search = { experimentIds: ["1"], filter: "", orderBy: [], lifecycle: "active" as const };
  const all = { kind: "search", search, count: 10_000, exact: true, groupBy: [] } as const;
  expect(describeMedia({ source: all, runs: 100, looked: 24, found: 20, missing: 4, shown: 20, step: undefined })).toBe(
    "20 of 10,000 runs; first 24 looked at; 4 have nothing",
  );
});
