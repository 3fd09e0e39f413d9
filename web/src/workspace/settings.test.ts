import { expect, test } from "vitest";
import { noSettings, ofView, readSettings, sameSettings, withPart } from "./settings";

test.each([[undefined], [null], [3], ["x"], [[]], [[{ version: 1 }]]])("%j is no settings", (json) =>
  expect(readSettings(json)).toEqual(noSettings),
);

test("parts that are no objects are left out, what is unknown stays", () =>
  expect(readSettings({ version: 9, table: [1], panels: { a: 1 }, view: 4, other: true })).toEqual({
    version: 1,
    panels: { a: 1 },
    other: true,
  }));

test("a part is replaced and removed beside the other", () => {
  const both = withPart(withPart(noSettings, "table", { a: 1 }), "panels", { b: 2 });
  expect(both).toEqual({ version: 1, table: { a: 1 }, panels: { b: 2 } });
  expect(withPart(both, "table", undefined)).toEqual({ version: 1, panels: { b: 2 } });
});

test("the order of members and the view do not tell settings apart", () => {
  const one = readSettings({ view: "1", table: { a: 1, b: { c: 2, d: [1, 2] } } });
  const other = readSettings({ table: { b: { d: [1, 2], c: 2 }, a: 1 } });
  expect(sameSettings(one, other)).toBe(true);
  expect(sameSettings(one, withPart(one, "table", { a: 1, b: { c: 2, d: [2, 1] } }))).toBe(false);
  expect(ofView(one, undefined).view).toBeUndefined();
});
