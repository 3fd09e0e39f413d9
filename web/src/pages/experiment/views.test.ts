import { expect, test } from "vitest";
import { freeze, leaveView, strays, thaw } from "./views";

const address = { filter: "metrics.a < 1", sort: "-metrics.a", sel: "r1", zoom: "1..2", view: "7" };

test("a view freezes the arrangement and the address, but not the moment", () =>
  expect(freeze({ version: 1, view: "7", table: { digits: 3 } }, address)).toEqual({
    version: 1,
    table: { digits: 3 },
    search: { filter: "metrics.a < 1", sort: "-metrics.a" },
  }));

test("opening a view takes the place of what the address said", () => {
  const opened = thaw("7", { search: { filter: "x", group: 3, strange: "y" } });
  expect(opened).toMatchObject({ view: "7", filter: "x", sort: undefined, group: undefined, sel: undefined });
  expect("strange" in opened).toBe(false);
  for (const odd of [undefined, null, 3, { search: "x" }]) expect(thaw("1", odd).filter).toBeUndefined();
  expect(leaveView()).toMatchObject({ view: "none", filter: undefined, sel: undefined });
});

test("an address that was changed strays from its view", () => {
  const settings = freeze({ version: 1 }, address);
  expect(strays(settings, address)).toBe(false);
  expect(strays(settings, { ...address, sel: "r2" })).toBe(false);
  expect(strays(settings, { ...address, sort: undefined })).toBe(true);
});
