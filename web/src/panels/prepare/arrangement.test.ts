import { describe, expect, test } from "vitest";
import {
  type Arrangement,
  added,
  addPanel,
  changePanel,
  changeSection,
  moveSection,
  noArrangement,
  pinned,
  placePanel,
  readArrangement,
  removePanel,
  removeSection,
  showHidden,
  writeArrangement,
} from "./arrangement";
import { boxesBetween, columnsIn, dropAt, flow, headHeight, headsBetween } from "./flow";
import { homesOf } from "./homes";
import { narrow, outline, settingsOf, titleIn, titleOf } from "./outline";

const metrics = ["loss", "train/acc", "train/loss", "val/acc", "val/loss"];
const facts = new Map();
const shown = (arrangement: Arrangement) =>
  Object.fromEntries(
    outline(metrics, facts, arrangement).map(({ id, panels }) => [id, panels.map((one) => one.slice(2))]),
  );
const place = (arrangement: Arrangement, id: string, section: string, before?: string) => {
  const ids = outline(metrics, facts, arrangement).find((one) => one.id === section)?.panels ?? [];
  return placePanel(arrangement, id, { section, before }, homesOf(metrics, facts, arrangement).of(id), ids);
};

describe("an arrangement", () => {
  test("is by itself a panel a metric in sections by prefix", () => {
    expect(shown(noArrangement)).toEqual({
      "s:": ["loss"],
      "s:train": ["train/acc", "train/loss"],
      "s:val": ["val/acc", "val/loss"],
    });
    expect(writeArrangement(noArrangement)).toBeUndefined();
  });

  test("keeps what was moved, and new metrics come behind it", () => {
    const moved = place(noArrangement, "m:val/loss", "s:val", "m:val/acc");
    expect(shown(moved)["s:val"]).toEqual(["val/loss", "val/acc"].map((one) => one));
    expect(moved.sections["s:val"]?.order).toEqual(["m:val/loss"]);
    const away = place(moved, "m:val/acc", "s:train", "m:train/loss");
    expect(shown(away)).toEqual({
      "s:": ["loss"],
      "s:train": ["train/acc", "val/acc", "train/loss"],
      "s:val": ["val/loss"],
    });
    expect(shown(place(away, "m:val/acc", "s:val"))["s:val"]).toEqual(["val/loss", "val/acc"]);
    expect(place(away, "m:val/acc", "s:val").panels).toEqual({});
  });

  test("shows pinned panels above all", () => {
    const arrangement = place(noArrangement, "m:train/loss", pinned);
    expect(Object.keys(shown(arrangement))[0]).toBe(pinned);
    expect(shown(arrangement)[pinned]).toEqual(["train/loss"]);
  });

  test("hides metrics, and forgets what was added and removed", () => {
    const hidden = removePanel(noArrangement, "m:val/acc");
    const [, , val] = outline(metrics, facts, hidden);
    expect(val).toMatchObject({ panels: ["m:val/loss"], hidden: ["m:val/acc"] });
    expect(showHidden(hidden, val?.hidden ?? [])).toEqual(noArrangement);
    const more = addPanel(noArrangement, "p:1", added, { kind: "markdown", text: "x" });
    expect(shown(more)[added]).toEqual(["1"]);
    expect(removePanel(more, "p:1").panels).toEqual({});
  });

  test("a section that was added keeps its panels until it is removed", () => {
    const own = changeSection(noArrangement, "u:1", { name: "Mine" });
    const filled = addPanel(place(own, "m:loss", "u:1"), "p:1", "u:1", { kind: "markdown" });
    expect(shown(filled)["u:1"]).toEqual(["loss", "1"]);
    const removed = removeSection(filled, "u:1");
    expect(shown(removed)).toMatchObject({ "s:": ["loss"], [added]: ["1"] });
  });

  test("sections move among those that are shown", () => {
    const ids = ["s:", "s:train", "s:val"];
    const moved = moveSection(noArrangement, "s:val", -1, ids);
    expect(Object.keys(shown(moved))).toEqual(["s:", "s:val", "s:train"]);
    expect(Object.keys(shown(moveSection(moved, "s:val", -9, Object.keys(shown(moved)))))).toEqual([
      "s:val",
      "s:",
      "s:train",
    ]);
  });

  test("comes back from what is stored, without what is no panel", () => {
    const arrangement = changePanel(place(noArrangement, "m:loss", pinned), "m:val/acc", { width: 2, height: 400 });
    expect(readArrangement(JSON.parse(JSON.stringify(writeArrangement(arrangement))))).toEqual(arrangement);
    expect(
      readArrangement({
        panels: { "m:a": { width: 99, height: "x", hidden: true }, "p:1": { settings: { kind: "unknown" } }, "m:b": 3 },
        sections: { "s:a": { closed: "yes", order: [1, "m:a", "m:a"] } },
        order: 7,
      }),
    ).toEqual({ panels: { "m:a": { width: 12, hidden: true } }, sections: { "s:a": { order: ["m:a"] } }, order: [] });
  });
});

test("a search opens sections and finds added panels by what they show", () => {
  const closed = changeSection(noArrangement, "s:val", { closed: true });
  const more = addPanel(closed, "p:1", added, { kind: "scatter", x: "params.lr", y: "metrics.val/loss" });
  const { sections } = narrow(outline(metrics, facts, more), more, "val.*loss$");
  expect(sections.map(({ id, closed: shut, panels }) => [id, shut, panels])).toEqual([
    ["s:val", false, ["m:val/loss"]],
  ]);
  expect(narrow(outline(metrics, facts, more), more, "over lr").sections[0]?.panels).toEqual(["p:1"]);
  expect(narrow(outline(metrics, facts, more), more, "(").error).toBeDefined();
});

test("a panel of a metric is its line unless it was given other settings", () => {
  expect(settingsOf("m:val/loss", undefined)).toEqual({ kind: "line", keys: ["val/loss"] });
  expect(settingsOf("m:val/loss", { settings: { kind: "line", yLog: true } })).toEqual({
    kind: "line",
    keys: ["val/loss"],
    yLog: true,
  });
  expect(titleIn("m:val/loss", "s:val", settingsOf("m:val/loss", undefined))).toBe("loss");
  expect(titleIn("m:val/loss", pinned, settingsOf("m:val/loss", undefined))).toBe("val/loss");
  expect(titleOf("p:1", { kind: "line", expression: "a - b" })).toBe("a - b");
});

describe("the flow", () => {
  const sections = outline(metrics, facts, noArrangement);

  test("fills rows and begins another one where there is no room", () => {
    const { boxes, heads } = flow(sections, { "m:train/acc": { width: 2 }, "m:val/loss": { height: 400 } }, 2);
    expect(boxes.map(({ id, column, span }) => [id, column, span])).toEqual([
      ["m:loss", 0, 2],
      ["m:train/acc", 0, 2],
      ["m:train/loss", 0, 1],
      ["m:val/acc", 0, 1],
      ["m:val/loss", 1, 1],
    ]);
    expect(heads).toHaveLength(3);
    expect(boxes.every((box, at) => at === 0 || box.y >= (boxes[at - 1]?.y ?? 0))).toBe(true);
  });

  test("of a hundred thousand panels only those in sight are found", () => {
    const many = outline(
      Array.from({ length: 100_000 }, (_, at) => `m${at}`),
      facts,
      noArrangement,
    );
    const layout = flow(many, {}, 3);
    const found = boxesBetween(layout, 5_000_000, 5_001_000);
    expect(found.length).toBeGreaterThan(8);
    expect(found.length).toBeLessThan(20);
    expect(found.every((box) => box.y + box.height >= 5_000_000 && box.y <= 5_001_000)).toBe(true);
    expect(headsBetween(layout, 0, 100)).toHaveLength(1);
  });

  test("a panel lands before the one whose left half it is let go over, or at the end", () => {
    const layout = flow(sections, {}, 2);
    const box = layout.boxes.find(({ id }) => id === "m:train/loss");
    if (!box) throw new Error("No such panel");
    expect(dropAt(layout, 1.2, box.y + 10)).toMatchObject({ section: "s:train", before: "m:train/loss" });
    expect(dropAt(layout, 1.9, box.y + 10)).toMatchObject({ section: "s:train", before: undefined });
    expect(dropAt(layout, 0.1, layout.heads[2]?.y ?? 0)).toMatchObject({ section: "s:val", before: "m:val/acc" });
  });

  test("closed sections are their head", () => {
    const closed = sections.map((section) => ({ ...section, closed: true }));
    expect(flow(closed, {}, 3).boxes).toEqual([]);
    expect(flow(closed, {}, 3).height).toBe(3 * (headHeight + 4));
    expect(columnsIn(0)).toBe(1);
    expect(columnsIn(940)).toBe(3);
  });
});

describe("prefixes of one metric", () => {
  const many = Array.from({ length: 40 }, (_, at) => `layer ${at}/norm`);
  const sectionsOf = (keys: readonly string[], arrangement = noArrangement) =>
    outline(keys, facts, arrangement).map(({ name, panels }) => `${name} ${panels.length}`);

  test("share a section when they are many", () => {
    expect(sectionsOf(many)).toEqual(["Metrics 40"]);
    expect(sectionsOf([...many, "loss", "val/a", "val/b"])).toEqual(["Metrics 1", "val 2", "Other metrics 40"]);
    expect(sectionsOf(many.slice(0, 12))).toHaveLength(12);
    expect(titleIn("m:layer 1/norm", "other", settingsOf("m:layer 1/norm", undefined))).toBe("layer 1/norm");
  });

  test("keep the section that somebody arranged", () => {
    const renamed = changeSection(noArrangement, "s:layer 3", { name: "Third" });
    expect(sectionsOf(many, renamed)).toEqual(["Third 1", "Other metrics 39"]);
    const into = changePanel(noArrangement, "m:layer 1/norm", { section: "s:layer 3" });
    expect(sectionsOf(many, into)).toEqual(["layer 3 2", "Other metrics 38"]);
  });

  test("are moved out of the shared section and back", () => {
    const homes = homesOf(many, facts, noArrangement);
    const id = "m:layer 7/norm";
    const ids = homes.sections[0]?.panels ?? [];
    const out = placePanel(noArrangement, id, { section: pinned }, homes.of(id), []);
    expect(sectionsOf(many, out)).toEqual(["Pinned 1", "Metrics 39"]);
    const back = placePanel(out, id, { section: homes.of(id) }, homes.of(id), ids);
    expect(back.panels).toEqual({});
    expect(sectionsOf(many, back)).toEqual(["Metrics 40"]);
  });
});

describe("small sections", () => {
  const of = (keys: readonly string[], columns: number, panels: Arrangement["panels"] = {}) =>
    flow(outline(keys, facts, noArrangement), panels, columns);

  test("stand beside each other as long as there is room", () => {
    const { heads, boxes } = of(["a/x", "b/x", "c/x", "c/y"], 4);
    expect(heads.map(({ column, span, y }) => [column, span, y])).toEqual([
      [0, 1, 0],
      [1, 1, 0],
      [2, 2, 0],
    ]);
    expect(boxes.map(({ column, span }) => [column, span])).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
    expect(new Set(boxes.map(({ y }) => y))).toEqual(new Set([headHeight]));
  });

  test("share the width, and begin a new row when it is full", () => {
    expect(of(["a/x", "b/x"], 4).boxes.map(({ column, span }) => [column, span])).toEqual([
      [0, 2],
      [2, 2],
    ]);
    const { heads, boxes } = of(["a/x", "b/x", "b/y"], 2);
    expect(heads.map(({ column, span }) => [column, span])).toEqual([
      [0, 2],
      [0, 2],
    ]);
    expect(boxes.map(({ span }) => span)).toEqual([2, 1, 1]);
    expect(of(["a/x", "b/x"], 2, { "m:a/x": { width: 2 } }).heads.map(({ span }) => span)).toEqual([2, 2]);
  });

  test("take what is dropped above them", () => {
    const layout = of(["a/x", "b/x"], 4);
    expect(dropAt(layout, 0.5, 10)).toMatchObject({ section: "s:a", before: "m:a/x" });
    expect(dropAt(layout, 3.5, 100)).toMatchObject({ section: "s:b", before: undefined, column: 4 });
    expect(dropAt(layout, 2.2, 100)).toMatchObject({ section: "s:b", before: "m:b/x" });
  });
});
