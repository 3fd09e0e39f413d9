import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { open } from "./browser";
import { rowsOfParquet } from "./parquet";
import { type Penguins, startPenguins } from "./penguins";
import { picture } from "./pictures";

let world: Penguins;

beforeAll(async () => {
  world = await startPenguins();
});

afterAll(() => world?.stop());

const counted = (page: Page, runs: number) =>
  page.locator("[aria-live]", { hasText: new RegExp(`^${runs} runs?$`) }).waitFor();

const show = async (page: Page, which: "Active" | "Archived" | "Deleted") => {
  await page.getByRole("button", { name: "Settings of the table" }).click();
  await page.getByRole("menuitemradio", { name: which, exact: true }).click();
  await page.keyboard.press("Escape");
};

test("selected runs are archived, found among the archived ones, and restored", async () => {
  const { page, errors, close } = await open(world.browser, `${world.experimentUrl}?show=table`);
  await counted(page, 30);
  for (const index of [2, 5]) await page.getByRole("checkbox", { name: `Select ${world.runOf(index).name}` }).check();
  await page.getByRole("button", { name: "More for the selected runs" }).click();
  await page.getByRole("menuitem", { name: "Archive" }).click();
  await counted(page, 28);
  await show(page, "Archived");
  await counted(page, 2);
  await picture(page, "archived-runs");
  await page.getByRole("checkbox", { name: "Select all runs that match" }).check();
  await page.getByRole("button", { name: "Restore" }).click();
  await page.getByText("Restored 2 runs").waitFor();
  await page.getByRole("button", { name: "Remove archived runs" }).click();
  await counted(page, 30);
  expect(errors).toEqual([]);
  await close();
});

test("a run is archived and restored on its own page", async () => {
  const run = world.runOf(7);
  const { page, errors, close } = await open(world.browser, `${world.server.address}/runs/${run.id}`);
  await page.getByRole("button", { name: "Actions for this run" }).click();
  await page.getByRole("menuitem", { name: "Archive" }).click();
  await page.getByText("This run is archived").waitFor();
  await page.getByRole("button", { name: "Actions for this run" }).click();
  await page.getByRole("menuitem", { name: "Restore" }).click();
  await page.getByText("This run is archived").waitFor({ state: "detached" });
  expect(errors).toEqual([]);
  await close();
});

test("an experiment comes back with its archived runs archived", async () => {
  await world.server.patch(`/runs/${world.runOf(8).id}`, { lifecycle: "archived" });
  const { page, errors, close } = await open(world.browser, world.server.address);
  const row = page.getByRole("row", { name: /penguin-species/ });
  await row.getByText("29", { exact: true }).waitFor();
  for (const [verb, shelf] of [
    ["Archive", "Archived"],
    ["Delete", "Deleted"],
  ] as const) {
    await row.getByRole("button", { name: "Actions for penguin-species" }).click();
    await page.getByRole("menuitem", { name: verb }).click();
    await row.waitFor({ state: "detached" });
    await page.getByRole("button", { name: shelf, exact: true }).click();
    await row.getByRole("button", { name: "Actions for penguin-species" }).click();
    await page.getByRole("menuitem", { name: "Restore" }).click();
    await row.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Active", exact: true }).click();
    await row.getByText("29", { exact: true }).waitFor();
  }
  await page.goto(`${world.experimentUrl}?show=table&life=archived`);
  await counted(page, 1);
  await page.getByRole("link", { name: world.runOf(8).name }).waitFor();
  await world.server.patch(`/runs/${world.runOf(8).id}`, { lifecycle: "active" });
  expect(errors).toEqual([]);
  await close();
});

test("what a filter finds is exported as CSV and as Parquet, whole and with the columns that are shown", async () => {
  const { page, errors, close } = await open(
    world.browser,
    `${world.experimentUrl}?show=table&cols=params.model,metrics.loss&filter=params.model = "forest"`,
  );
  await counted(page, 10);
  const exported = async (item: string): Promise<[string, Buffer]> => {
    const waiting = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: item }).click();
    const download = await waiting;
    return [download.suggestedFilename(), await readFile(await download.path())];
  };
  const settings = page.getByRole("button", { name: "Settings of the table" });
  await settings.click();
  const [csvName, csv] = await exported("Export all as CSV");
  expect(csvName).toBe(`runs-${world.experimentId}.csv`);
  const [head, ...rows] = csv.toString("utf8").trim().split(/\r?\n/);
  expect(head).toBe("run_id,name,params.model,metrics.loss");
  expect(rows).toHaveLength(10);
  expect(rows.every((row) => row.split(",")[2] === "forest")).toBe(true);

  await settings.click();
  const [parquetName, parquet] = await exported("Export all as Parquet");
  expect(parquetName).toBe(`runs-${world.experimentId}.parquet`);
  expect(rowsOfParquet(parquet)).toBe(10);

  for (const index of [0, 3, 6])
    await page.getByRole("checkbox", { name: `Select ${world.runOf(index).name}` }).check();
  await page.getByText("3 selected").waitFor();
  await page.getByRole("button", { name: "More for the selected runs" }).click();
  const [, some] = await exported("Export as Parquet");
  expect(rowsOfParquet(some)).toBe(3);
  expect(errors).toEqual([]);
  await close();
});
