import { expect, test } from "vitest";
import { matching } from "./find";

test("every word is in the name, those that begin with the first come first", () => {
  const names = ["all runs of june", "runs of may", "runs", "reports"];
  expect(matching(names, String, "runs of")).toEqual(["runs of may", "all runs of june"]);
  expect(matching(names, String, "R")).toEqual(["runs of may", "runs", "reports", "all runs of june"]);
  expect(matching(names, String, " ")).toEqual(names);
});
