import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { open } from "./browser";
import { type Penguins, startPenguins } from "./penguins";
import { picture } from "./pictures";

let world: Penguins;

beforeAll(async () => {
  world = await startPenguins();
});

afterAll(() => world?.stop());

const counted = (page: Page, text: string) =>
  page.locator("[aria-live]", { hasText: new RegExp(`^${text}$`) }).waitFor();

test("deleting all that match asks first, says how many, and is one call", async () => {
  const { page, errors, close } = await open(
    world.browser,
    `${world.experimentUrl}?show=table&filter=params.model = "linear"`,
  );
  const calls: string[] = [];
  page.on("request", (request) => {
    if (request.method() !== "GET" && /runs\/(lifecycle|tags|[0-9a-f]{32})/.test(request.url()))
      calls.push(new URL(request.url()).pathname);
  });
  await counted(page, "10 runs");
  await page.getByRole("checkbox", { name: "Select all runs that match" }).check();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Delete 10 runs?" });
  await picture(page, "delete-asks");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.waitFor({ state: "detached" });
  expect(calls).toEqual([]);
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await dialog.getByRole("button", { name: "Delete 10 runs" }).click();
  await page.getByText("Deleted 10 runs").waitFor();
  await counted(page, "0 runs");
  expect(calls).toEqual(["/api/v1/runs/lifecycle"]);

  await page.goto(`${world.experimentUrl}?show=table&life=deleted`);
  await counted(page, "10 runs");
  await page.getByRole("checkbox", { name: "Select all runs that match" }).check();
  await page.getByRole("button", { name: "Restore" }).click();
  await page.getByText("Restored 10 runs").waitFor();
  expect(errors).toEqual([]);
  await close();
});

test("thousands of runs are tagged with word of how far it is, and it stops when asked", async () => {
  const ids = Array.from({ length: 4500 }, (_, index) => `many-${index}`);
  for (let from = 0; from < ids.length; from += 100)
    await Promise.all(
      ids.slice(from, from + 100).map((id) => world.server.post("/runs", { id, experiment: "thousands", name: id })),
    );
  const { page, errors, close } = await open(world.browser, world.server.address);
  await page.getByRole("link", { name: "thousands", exact: true }).first().click();
  await page.goto(`${page.url().split("?")[0]}?show=table`);
  await counted(page, "4,500 runs");
  await page.getByRole("checkbox", { name: "Select all runs that match" }).check();

  // The second call waits until it was seen how far the first one came.
  let calls = 0;
  let goOn = () => {};
  const seen = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  await page.route("**/api/v1/runs/tags", async (route) => {
    calls += 1;
    if (calls === 2) await seen;
    await route.continue();
  });
  await page.getByRole("button", { name: "Tag", exact: true }).click();
  await page.getByLabel("Tag", { exact: true }).fill("team");
  await page.getByLabel("Value", { exact: true }).fill("north");
  await page.getByRole("button", { name: "Set the tag" }).click();
  await page.getByText("Tagging 2,000 of 4,500 runs").waitFor();
  await picture(page, "bulk-progress");
  await page.getByRole("button", { name: "Stop" }).click();
  goOn();
  await page.getByText("Tagged 4,000 runs, then stopped").waitFor();
  expect(calls).toBe(2);
  expect(errors).toEqual([]);
  await close();
});

test("the box of a group selects its runs, by pointer and by key", async () => {
  const { page, errors, close } = await open(world.browser, `${world.experimentUrl}?show=table&group=params.model`);
  await counted(page, "30 runs in 3 groups");
  const forest = page.getByRole("checkbox", { name: "Select the runs with model forest" });
  await forest.click();
  await page.getByText("10 selected").waitFor();
  await expect.poll(() => forest.isChecked()).toBe(true);
  await page.locator('[data-row="0"]').focus();
  await page.keyboard.press("Space");
  await page.getByText("20 selected").waitFor();
  await picture(page, "group-selected");
  await page.getByRole("button", { name: "Show the runs with model forest" }).click();
  await page.getByRole("checkbox", { name: `Select ${world.runOf(0).name}` }).uncheck();
  await page.getByText("19 selected").waitFor();
  await expect.poll(() => forest.evaluate((box: HTMLInputElement) => box.indeterminate)).toBe(true);
  await page.reload();
  await page.getByText("19 selected").waitFor();
  await expect.poll(() => forest.evaluate((box: HTMLInputElement) => box.indeterminate)).toBe(true);
  await forest.click();
  await page.getByText("20 selected").waitFor();
  await forest.click();
  await page.getByText("10 selected").waitFor();
  expect(errors).toEqual([]);
  await close();
});

test("a group that is too large for the address is selected by its filter", async () => {
  const { page, errors, close } = await open(world.browser, world.server.address);
  await page.getByRole("link", { name: "thousands", exact: true }).first().click();
  await page.goto(`${page.url().split("?")[0]}?show=table&group=tags.team`);
  await counted(page, "4,500 runs in 2 groups");
  await page.getByRole("checkbox", { name: "Select the runs with team none" }).click();
  await page.getByText("500 selected").waitFor();
  expect(new URL(page.url()).searchParams.get("filter")).toBe('not tags.team like "%"');
  await page.getByRole("button", { name: "Back" }).click();
  await counted(page, "4,500 runs in 2 groups");
  expect(errors).toEqual([]);
  await close();
});
