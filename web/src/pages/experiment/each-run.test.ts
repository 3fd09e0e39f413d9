import { expect, test } from "vitest";
import { eachRun } from "./each-run";

test("every run is tried, a few at a time, and what failed is told", async () => {
  const ids = Array.from({ length: 50 }, (_, at) => `r${at}`);
  let busy = 0;
  let most = 0;
  const told: number[] = [];
  const { done, failed, cause } = await eachRun(
    ids,
    async (id) => {
      most = Math.max(most, ++busy);
      await new Promise((resolve) => setImmediate(resolve));
      busy -= 1;
      if (id.endsWith("7")) throw new Error(id);
    },
    (count) => told.push(count),
  );
  expect(most).toBeLessThanOrEqual(6);
  expect(done).toHaveLength(45);
  expect([...failed].sort()).toEqual(["r17", "r27", "r37", "r47", "r7"]);
  expect(cause).toBeInstanceOf(Error);
  expect(told.at(-1)).toBe(50);
});
