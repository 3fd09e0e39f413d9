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
  const { page, errors, close } = await open(world.browser, `${world.experimentUrl}?show=table`);
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
  const { page, close } = await open(world.browser, `${world.experimentUrl}?show=table`);
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

test("columns are chosen, pinned, moved by key, and stay as they were left", async () => {
  const { page, close } = await open(world.browser, `${world.experimentUrl}?show=table`);
  await page.locator('[data-row="0"]').waitFor();
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByLabel("Search params, metrics, tags").fill("loss:best");
  await page.getByLabel("metrics.loss:best", { exact: true }).click();
  await page.getByRole("button", { name: "Pin loss best" }).click();
  await picture(page, "columns");
  await page.keyboard.press("Escape");
  const heads = page.getByRole("columnheader");
  await expect.poll(() => heads.nth(2).textContent()).toContain("loss best");
  const saved = page.waitForResponse(
    (answer) => answer.url().endsWith("/workspace") && answer.request().method() === "PUT",
  );
  await page.getByRole("button", { name: "Status", exact: true }).focus();
  await page.keyboard.press("Alt+ArrowRight");
  await expect.poll(() => heads.nth(4).textContent()).toContain("Status");
  await saved;
  await page.reload();
  await expect.poll(() => heads.nth(2).textContent()).toContain("loss best");
  await expect.poll(() => heads.nth(4).textContent()).toContain("Status");
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("button", { name: "First view" }).click();
  await page.getByRole("columnheader", { name: /loss best/ }).waitFor({ state: "detached" });
  await close();
});

test("a column is dragged before another one", async () => {
  const { page, close } = await open(world.browser, `${world.experimentUrl}?show=table&cols=status,params.model,user`);
  await page.locator('[data-row="0"]').waitFor();
  const heads = page.getByRole("columnheader");
  await expect.poll(() => heads.nth(4).textContent()).toContain("User");
  await page
    .getByRole("button", { name: "User", exact: true })
    .dragTo(heads.nth(2), { targetPosition: { x: 12, y: 10 } });
  await expect.poll(() => heads.nth(2).textContent()).toContain("User");
  expect(new URL(page.url()).searchParams.get("cols")).toBeNull();
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("button", { name: "First view" }).click();
  await close();
});

test("a value in a cell becomes a filter, and shows itself in full", async () => {
  const { page, errors, close } = await open(
    world.browser,
    `${world.experimentUrl}?show=table&cols=params.model,metrics.loss`,
  );
  const cell = page.locator('[data-row="0"]').getByRole("button", { name: "forest", exact: true });
  await cell.click();
  await page.getByRole("menuitem", { name: 'Only model = "forest"' }).click();
  await counted(page, 10).waitFor();
  expect(await page.getByRole("combobox", { name: "Filter runs" }).inputValue()).toBe('params.model = "forest"');
  await page.locator('[data-row="1"]').focus();
  await page.keyboard.press("f");
  await page.getByRole("menu", { name: "Filter by a value of this run" }).waitFor();
  await picture(page, "cell-menu");
  await page.keyboard.press("Escape");
  expect(errors).toEqual([]);
  await close();
});

test("all runs that match are selected and tagged, but for one", async () => {
  const { page, errors, close } = await open(
    world.browser,
    `${world.experimentUrl}?show=table&cols=tags.team&filter=params.model = "linear"`,
  );
  await counted(page, 10).waitFor();
  await page.getByRole("checkbox", { name: "Select all runs that match" }).check();
  await page.getByText("10 selected").waitFor();
  await page.getByRole("checkbox", { name: `Select ${world.runOf(2).name}` }).uncheck();
  await page.getByText("9 selected").waitFor();
  expect(new URL(page.url()).searchParams.get("sel")).toBe("all");
  await page.getByRole("button", { name: "Tag", exact: true }).click();
  await page.getByLabel("Tag", { exact: true }).fill("team");
  await page.getByLabel("Value", { exact: true }).fill("north");
  await page.getByRole("button", { name: "Set the tag" }).click();
  await page.getByText("Tagged 9 runs").waitFor();
  await expect.poll(() => page.getByRole("button", { name: "north", exact: true }).count()).toBe(9);
  await picture(page, "selected-all");
  expect(errors).toEqual([]);
  await close();
});

test("rows have the colours of their curves, also where all runs are selected", async () => {
  const { page, errors, close } = await open(world.browser, `${world.experimentUrl}?sel=all`);
  const coloured = page.locator("[data-row]").filter({ has: page.locator('span[style*="--series-"]') });
  const rows = page.locator("[data-row]");
  await expect.poll(() => rows.count()).toBeGreaterThan(15);
  await expect.poll(async () => (await coloured.count()) - (await rows.count())).toBe(0);
  await page.goto(`${world.experimentUrl}?group=params.model&sel=all`);
  await rows.first().waitFor();
  expect(await coloured.count()).toBe(0);
  expect(errors).toEqual([]);
  await close();
});

test("a view is saved, changed, brought back, and opens with the experiment", async () => {
  const { page, errors, close } = await open(world.browser, `${world.experimentUrl}?show=table&sort=-metrics.accuracy`);
  await page.locator('[data-row="0"]').waitFor();
  await page.getByRole("button", { name: /^Views/ }).click();
  await page.getByRole("menuitem", { name: /Save as a new view/ }).click();
  await page.getByLabel("Name of the view").fill("best first");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const menu = page.getByRole("button", { name: "Views: best first" });
  await menu.waitFor();
  expect(new URL(page.url()).searchParams.get("view")).toMatch(/^\d+$/);
  await page.getByRole("button", { name: "loss", exact: true }).click();
  await page.getByTitle("Changed since it was saved").waitFor();
  await menu.click();
  await picture(page, "views-menu");
  await page.getByRole("menuitem", { name: "Back to what was saved" }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get("sort")).toBe("-metrics.accuracy");
  await menu.click();
  await page.getByRole("menuitem", { name: "Open the experiment with it" }).click();
  await page.goto(world.experimentUrl);
  await menu.waitFor();
  await expect.poll(() => new URL(page.url()).searchParams.get("sort")).toBe("-metrics.accuracy");
  await menu.click();
  await page.getByRole("menuitem", { name: "Delete the view" }).click();
  await page.getByRole("button", { name: "Views: none open" }).waitFor();
  expect(errors).toEqual([]);
  await close();
});

test("curves stand in cells, and numbers have as many digits as wished", async () => {
  const { page, errors, close } = await open(
    world.browser,
    `${world.experimentUrl}?show=table&cols=metrics.loss,curves.loss,curves.val/loss`,
  );
  await page
    .getByRole("img", { name: /120 points, from/ })
    .first()
    .waitFor();
  await page.getByRole("button", { name: "Settings of the table" }).click();
  await page.getByRole("menuitemradio", { name: "3", exact: true }).click();
  await expect
    .poll(() => page.locator('[data-row="0"]').getByRole("gridcell").nth(2).textContent())
    .toMatch(/^0\.\d{3}$/);
  await picture(page, "curves");
  expect(errors).toEqual([]);
  await close();
});

test("runs are selected by keyboard, deleted and brought back", async () => {
  const { page, errors, close } = await open(world.browser, `${world.experimentUrl}?show=table`);
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
  const { page, errors, close } = await open(world.browser, `${world.experimentUrl}?show=table`);
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
  expect(new URL(page.url()).searchParams.get("fold")).toBe(`run:${world.runOf(10).id}`);
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
  const table = await open(world.browser, `${world.experimentUrl}?show=table`);
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
