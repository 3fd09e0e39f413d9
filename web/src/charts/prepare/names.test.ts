import { describe, expect, test } from "vitest";
import { splitNames } from "./names";

const split = (...names: string[]) => {
  const parts = splitNames(names);
  return names.map((name) => `${parts.get(name)?.head}|${parts.get(name)?.tail}`);
};

describe("names beside each other", () => {
  test("keep the number that tells them apart", () =>
    expect(split("forest-000", "forest-003", "forest-012")).toEqual(["forest-|000", "forest-|003", "forest-|012"]));
  test("begin a tail where letters and digits meet", () =>
    expect(split("run1", "run12", "run2")).toEqual(["run|1", "run|12", "run|2"]));
  test("begin a tail with the word that differs", () =>
    expect(split("adult-deep-trees", "adult-dense-trees")).toEqual(["adult-|deep-trees", "adult-|dense-trees"]));
  test("are compared with the most similar one", () =>
    expect(split("boosted-1", "forest-1", "forest-2")).toEqual(["|boosted-1", "forest-|1", "forest-|2"]));
  test("keep their end when one is the beginning of another", () =>
    expect(split("base", "base-2")).toEqual(["|base", "base|-2"]));
  test("stay whole when they are alone, the same or empty", () => {
    expect(split("forest-000")).toEqual(["|forest-000"]);
    expect(split("same", "same")).toEqual(["|same", "|same"]);
    expect(split("", "a")).toEqual(["|", "|a"]);
  });
  test("are not cut inside a sign", () => expect(split("🌲", "🌳")).toEqual(["|🌲", "|🌳"]));
});
