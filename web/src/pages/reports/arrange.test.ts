import { expect, test } from "vitest";
import type { Report } from "@/api/types";
import { arrange } from "./arrange";

const report = (id: string, title: string) => ({ id, newest: { title } }) as Report;
const all = [report("3", "Depth"), report("2", "Rate"), report("1", "Depth and rate")];
const ids = (text: string, starred: string[] = []) => arrange(all, text, new Set(starred)).map(({ id }) => id);

test("starred reports come first, the others stay in their order", () => {
  expect(ids("")).toEqual(["3", "2", "1"]);
  expect(ids("", ["1", "2"])).toEqual(["2", "1", "3"]);
});

test("titles are searched in any case", () => {
  expect(ids(" RATE ", ["1"])).toEqual(["1", "2"]);
  expect(ids("width")).toEqual([]);
});
