import { afterAll, beforeAll, expect, test } from "vitest";
import { drawn, open } from "./browser";
import { type Penguins, startPenguins } from "./penguins";
import { picture } from "./pictures";

let world: Penguins;

beforeAll(async () => {
  world = await startPenguins();
});

afterAll(() => world?.stop());

test("compare draws all runs in one panel and tells them apart in a table", async () => {
  const ids = world.runs.slice(0, 5).map((run) => run.id);
  const { page, errors, close } = await open(world.browser, `${world.experimentUrl}?show=table&sel=${ids.join(",")}`);
  await page.getByRole("link", { name: "Compare" }).click();
  await page.getByRole("heading", { name: "Compare 5 runs" }).waitFor();
  await drawn(page, "val/loss", 1500);
  await picture(page, "compare");
  await page.getByRole("tab", { name: "Differences" }).click();
  await page.getByRole("rowheader", { name: "learning_rate" }).waitFor();
  expect(await page.getByRole("rowheader", { name: "git.branch" }).count()).toBe(0);
  await page.getByLabel("Only differences").uncheck();
  await page.getByRole("rowheader", { name: "git.branch" }).waitFor();
  await picture(page, "compare-differences");
  await page.getByRole("button", { name: `Leave out ${world.runOf(0).name}` }).click();
  await page.getByRole("heading", { name: "Compare 4 runs" }).waitFor();
  expect(errors).toEqual([]);
  await close();
});
