import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { open } from "./browser";
import { type Penguins, startPenguins } from "./penguins";
import { picture } from "./pictures";
import { seedRun } from "./seed";

let world: Penguins;

beforeAll(async () => {
  world = await startPenguins();
});

afterAll(() => world?.stop());

const counted = (page: Page, runs: number) => page.locator("[aria-live]", { hasText: new RegExp(`^${runs} runs$`) });

test("the table sorts, the address keeps it over a reload and back", async () => {
  const { page, errors, close } = await open(world.browser, `${world.experimentUrl}?view=table`);
  const first = page.locator('[data-row="0"]');
  await page
    .getByRole("columnheader", { name: /^accuracy/ })
    .getByRole("button", { name: "accuracy", exact: true })
    .click();
  await expect.poll(() => new URL(page.url()).searchParams.get("sort")).toBe("-metrics.accuracy");
  await expect
    .poll(() => page.getByRole("columnheader", { name: /^accuracy/ }).getAttribute("aria-sort"))
    .toBe("descending");
  await expect.poll(() => first.textContent()).toMatch(/^boosted-007/);
  const best = await first.textContent();
  await page.reload();
  await expect.poll(() => first.textContent()).toBe(best);
  await page.goBack();
  await expect.poll(() => new URL(page.url()).searchParams.get("sort")).toBeNull();
  expect(errors).toEqual([]);
  await close();
});

test("the filter completes real keys, narrows the rows and explains an error at its column", async () => {
  const { page, close } = await open(world.browser, `${world.experimentUrl}?view=table`);
  await page.locator('[data-row="0"]').waitFor();
  const field = page.getByRole("combobox", { name: "Filter runs" });
  await page.keyboard.press("/");
  await field.pressSequentially("mod");
  await page.getByRole("option", { name: /params\.model/ }).waitFor();
  await page.keyboard.press("Tab");
  await field.pressSequentially('= "forest"');
  await page.keyboard.press("Enter");
  await counted(page, 10).waitFor();
  expect(await field.inputValue()).toBe('params.model = "forest"');

  await field.fill("metrics.loss << 1");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("Column 15:").waitFor();
  await picture(page, "filter-error");
  await close();
});

test("columns are chosen, pinned and kept in the address", async () => {
  const { page, close } = await open(world.browser, `${world.experimentUrl}?view=table`);
  await page.locator('[data-row="0"]').waitFor();
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByLabel("Search params, metrics, tags").fill("loss:min");
  await page.getByLabel("metrics.loss:min", { exact: true }).click();
  await page.getByRole("button", { name: "Pin loss min" }).click();
  await picture(page, "columns");
  await page.keyboard.press("Escape");
  await page.getByRole("columnheader", { name: /loss min/ }).waitFor();
  const search = new URL(page.url()).searchParams;
  expect(search.get("cols")?.split(",")).toContain("metrics.loss:min");
  expect(search.get("pin")).toBe("metrics.loss:min");
  await close();
});

test("runs are selected by keyboard, deleted and brought back", async () => {
  const { page, errors, close } = await open(world.browser, `${world.experimentUrl}?view=table`);
  await page.locator('[data-row="0"]').focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await page.getByText("2 selected").waitFor();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await counted(page, 28).waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await counted(page, 30).waitFor();
  expect(errors).toEqual([]);
  await close();
});

test("nested runs stand below their parent and can be hidden", async () => {
  const { page, errors, close } = await open(world.browser, `${world.experimentUrl}?view=table`);
  const tree = page.getByRole("treegrid", { name: "Runs" });
  const parent = tree.getByRole("row", { name: new RegExp(world.runOf(10).name) });
  const child = tree.getByRole("row", { name: new RegExp(world.runOf(11).name) });
  await child.waitFor();
  expect(await child.getAttribute("aria-level")).toBe("2");
  const placeOf = async (row: typeof parent) => Number(await row.getAttribute("data-row"));
  expect(await placeOf(child)).toBe((await placeOf(parent)) + 1);
  await parent.focus();
  await page.keyboard.press("ArrowLeft");
  await child.waitFor({ state: "detached" });
  expect(new URL(page.url()).searchParams.get("fold")).toBe(world.runOf(10).id);
  await page.reload();
  await parent.waitFor();
  expect(await child.count()).toBe(0);
  await page.getByRole("button", { name: `Show the runs nested in ${world.runOf(10).name}` }).click();
  await child.waitFor();
  await page
    .getByRole("columnheader", { name: /^accuracy/ })
    .getByRole("button", { name: "accuracy", exact: true })
    .click();
  await page.getByRole("grid", { name: "Runs" }).waitFor();
  expect(errors).toEqual([]);
  await close();
});

test("a run that logs moves its row, its values and its curve without a reload", async () => {
  const table = await open(world.browser, `${world.experimentUrl}?view=table`);
  await counted(table.page, 30).waitFor();
  const run = await seedRun(world.server, "penguin-species", 31, { status: "running", steps: 20, start: Date.now() });
  const row = table.page.locator("[data-row]", { hasText: run.name });
  await row.getByText("Running").waitFor();
  const own = await open(world.browser, `${world.server.address}/runs/${run.id}`);
  const points = own.page.getByRole("row", { name: /^loss/ }).getByRole("cell").last();
  await expect.poll(() => points.textContent()).toBe("20");
  await world.server.post(`/runs/${run.id}/log`, {
    metrics: { keys: ["loss"], key: [0, 0], step: [20, 21], value: [0.5, 0.123] },
  });
  await expect.poll(() => points.textContent()).toBe("22");
  await row.getByText("0.123", { exact: true }).waitFor();
  await world.server.post(`/runs/${run.id}/log`, { status: "finished" });
  await row.getByText("Finished").waitFor();
  expect([...table.errors, ...own.errors]).toEqual([]);
  await table.close();
  await own.close();
});
