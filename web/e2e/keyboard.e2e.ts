import { afterAll, beforeAll, expect, test } from "vitest";
import { open } from "./browser";
import { type Penguins, startPenguins } from "./penguins";

let world: Penguins;

beforeAll(async () => {
  world = await startPenguins();
});

afterAll(() => world?.stop());

test("from home to a comparison without a mouse: filter, sort, group, select, open, compare", async () => {
  const { page, errors, close } = await open(world.browser, world.server.address);
  await page.getByRole("link", { name: "penguin-species" }).first().waitFor();
  const search = (name: string) => new URL(page.url()).searchParams.get(name);
  const focused = () =>
    page.evaluate(
      () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent?.trim() ?? "",
    );
  /** Goes on by Tab until something of this name has the focus. */
  const tabTo = async (name: RegExp, key = "Tab") => {
    for (let press = 0; press < 40; press++) {
      if (name.test(await focused())) return;
      await page.keyboard.press(key);
    }
    throw new Error(`${key} came to ${await focused()}, never to ${name}`);
  };

  await page.keyboard.press("Control+k");
  await page.keyboard.type("penguin-sp");
  await page.getByRole("dialog").getByText("penguin-species").first().waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "penguin-species" }).waitFor();
  await page.locator('[data-row="0"]').waitFor();

  // Filter.
  await page.keyboard.press("/");
  await page.keyboard.type('params.model in ("forest", "linear")');
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await expect.poll(() => search("filter")).toBe('params.model in ("forest", "linear")');
  await page.locator("[aria-live]", { hasText: /^20 runs$/ }).waitFor();

  // Group.
  await tabTo(/^Group$/);
  await page.keyboard.press("Enter");
  await page.getByLabel("Search params and tags").waitFor();
  await tabTo(/^Search params and tags$/);
  await page.keyboard.type("params.model");
  await tabTo(/^params\.model$/);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.locator("[aria-live]", { hasText: "20 runs in 2 groups" }).waitFor();

  // Sort.
  await tabTo(/^loss$/);
  await page.keyboard.press("Enter");
  await expect.poll(() => search("sort")).toMatch(/metrics\.loss/);

  // Into the table: open a group, select two runs.
  await page.locator('[data-row="0"]').waitFor();
  for (let press = 0; press < 60; press++) {
    if (await page.evaluate(() => document.activeElement?.closest("[data-row]") !== null)) break;
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("ArrowRight");
  const first = page.locator('[data-row="1"]');
  await first.getByRole("checkbox", { name: /^Select (forest|linear)-/ }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await page.getByText("2 selected").waitFor();

  // Open a run and come back to the same view.
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Actions for this run" }).waitFor();
  await page.goBack();
  await page.getByText("2 selected").waitFor();

  // Compare.
  await page.locator('[data-row="0"]').waitFor();
  await tabTo(/^Compare$/);
  await page.keyboard.press("Enter");
  await expect.poll(() => new URL(page.url()).pathname).toBe("/compare");
  await page
    .getByRole("heading", { name: /^Compare|2 runs/ })
    .first()
    .waitFor();
  expect(errors).toEqual([]);
  await close();
});
