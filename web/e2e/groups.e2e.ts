import { afterAll, beforeAll, expect, test } from "vitest";
import { open } from "./browser";
import { type Penguins, startPenguins } from "./penguins";
import { picture } from "./pictures";

let world: Penguins;

beforeAll(async () => {
  world = await startPenguins();
});

afterAll(() => world?.stop());

test("runs are grouped, groups inside groups, and tell their figures over all their runs", async () => {
  const { page, errors, close } = await open(
    world.browser,
    `${world.experimentUrl}?show=table&cols=status,params.batch_size,metrics.loss,metrics.accuracy:best,duration`,
  );
  await page.locator('[data-row="0"]').waitFor();
  await page.getByRole("button", { name: "Group", exact: true }).click();
  for (const field of ["params.model", "params.learning_rate"]) {
    await page.getByLabel("Search params and tags").fill(field);
    await page.getByRole("button", { name: field, exact: true }).click();
  }
  await page.keyboard.press("Escape");
  await page.locator("[aria-live]", { hasText: "30 runs in 3 groups" }).waitFor();
  expect(new URL(page.url()).searchParams.get("group")).toBe("params.model,params.learning_rate");
  await page.getByRole("button", { name: "Show the runs with model forest" }).click();
  await page.getByRole("button", { name: "Show the runs with learning_rate 0.1" }).click();
  await page.getByRole("link", { name: "forest-000" }).waitFor();
  await page
    .getByRole("row", { name: /model linear/ })
    .getByRole("button", { name: /±/ })
    .first()
    .click();
  const menu = page.getByRole("menu", { name: "loss of the group" });
  await menu.getByText("Median").waitFor();
  await picture(page, "groups");
  await page.keyboard.press("Escape");
  await page.reload();
  await page.getByRole("link", { name: "forest-000" }).waitFor();
  expect(errors).toEqual([]);
  await close();
});

test("columns without differences are left out, cells are tinted by their value", async () => {
  const { page, errors, close } = await open(
    world.browser,
    `${world.experimentUrl}?show=table&cols=params.model,tags.git.branch,metrics.loss`,
  );
  await page.getByRole("columnheader", { name: /git\.branch/ }).waitFor();
  await page.getByRole("button", { name: "Settings of the table" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Hide columns without differences" }).click();
  await page.getByRole("columnheader", { name: /git\.branch/ }).waitFor({ state: "detached" });
  await page.getByRole("menuitemcheckbox", { name: "Highlight differences" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("columnheader", { name: /^loss/ }).hover();
  await page.getByRole("button", { name: "Actions for column loss" }).click();
  await page.getByRole("menuitem", { name: "Ground by value" }).click();
  const ground = page.locator('[data-row="0"]').getByRole("gridcell").nth(3).getByRole("button");
  await expect.poll(() => ground.getAttribute("style")).toContain("color-mix");
  await picture(page, "tinted");
  expect(errors).toEqual([]);
  await close();
});

test("the filter offers values that are in use", async () => {
  const { page, errors, close } = await open(world.browser, `${world.experimentUrl}?show=table`);
  await page.locator('[data-row="0"]').waitFor();
  const field = page.getByRole("combobox", { name: "Filter runs" });
  await field.pressSequentially("params.model = bo");
  await page.getByRole("option", { name: /boosted/ }).waitFor();
  await picture(page, "values");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await expect.poll(() => new URL(page.url()).searchParams.get("filter")).toBe('params.model = "boosted"');
  expect(errors).toEqual([]);
  await close();
});

test("runs are exported as a file, all of them and with the columns that are shown", async () => {
  const { page, errors, close } = await open(world.browser, `${world.experimentUrl}?show=table&cols=params.model`);
  await page.locator('[data-row="0"]').waitFor();
  await page.getByRole("button", { name: "Settings of the table" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Export all as CSV" }).click();
  const stream = await (await download).createReadStream();
  let text = "";
  for await (const part of stream) text += part;
  const lines = text.trim().split(/\r?\n/);
  expect(lines).toHaveLength(31);
  expect(lines[0]).toBe("run_id,name,params.model");
  expect(errors).toEqual([]);
  await close();
});
