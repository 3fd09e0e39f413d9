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

test("code, machines and files of runs stand side by side", async () => {
  const [first, second] = [world.runOf(0), world.runOf(1)];
  await world.server.upload(first.id, "config.yaml", "seed: 7\nlr: 0.1\n");
  await world.server.upload(second.id, "config.yaml", "seed: 7\nlr: 0.03\n");
  const { page, errors, close } = await open(
    world.browser,
    `${world.server.address}/compare?runs=${first.id},${second.id}&tab=code`,
  );
  await page.getByRole("rowheader", { name: "commit" }).waitFor();
  await page.getByRole("rowheader", { name: "pandas" }).waitFor();
  await picture(page, "compare-code");
  await page.getByRole("tab", { name: "Files" }).click();
  await page.getByRole("button", { name: "config.yaml" }).click();
  const lines = page.getByRole("region", { name: "Difference of config.yaml" });
  await lines.getByText("lr: 0.03").waitFor();
  expect(await lines.getByRole("row").filter({ hasText: "removed" }).count()).toBe(1);
  await picture(page, "compare-files");
  await page.reload();
  await lines.getByText("lr: 0.1").waitFor();
  expect(errors).toEqual([]);
  await close();
});
