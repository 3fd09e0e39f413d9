import { readFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drawn, open } from "./browser";
import { type Penguins, startPenguins } from "./penguins";
import { picture } from "./pictures";

let world: Penguins;

beforeAll(async () => {
  world = await startPenguins();
});

afterAll(() => world?.stop());

const charts = () => open(world.browser, `${world.experimentUrl}?show=charts`);
const order = (page: Page) =>
  page.locator("[data-chart]").evaluateAll((panels) => panels.map((panel) => panel.getAttribute("data-chart")));

async function boxOf(place: Locator) {
  const box = await place.boundingBox();
  if (!box) throw new Error("It is not on the screen");
  return box;
}

/** Presses at one place and lets go at another, over places in between. */
async function drag(page: Page, from: readonly [number, number], to: readonly [number, number]) {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, { steps: 4 });
  await page.mouse.move(...to, { steps: 4 });
  await page.mouse.up();
}

const kept = (page: Page) =>
  page.waitForResponse((answer) => answer.url().endsWith("/workspace") && answer.request().method() === "PUT");

test("a panel is dragged by its head to another place and section, and Esc gives up", async () => {
  const { page, errors, close } = await charts();
  await drawn(page, "loss");
  expect((await order(page)).slice(0, 3)).toEqual(["accuracy", "grad_norm", "loss"]);
  const head = await boxOf(page.locator('[data-chart="accuracy"] h3'));
  const start = [head.x + 10, head.y + 8] as const;
  const last = await boxOf(page.locator('[data-chart="loss"]'));
  await page.mouse.move(...start);
  await page.mouse.down();
  await page.mouse.move(last.x + last.width - 20, last.y + 40, { steps: 5 });
  await page.keyboard.press("Escape");
  await page.mouse.up();
  expect((await order(page))[0]).toBe("accuracy");
  let saved = kept(page);
  await drag(page, start, [last.x + last.width - 20, last.y + 40]);
  await expect.poll(async () => (await order(page)).slice(0, 3)).toEqual(["grad_norm", "loss", "accuracy"]);
  await saved;
  saved = kept(page);
  const other = await boxOf(page.locator('[data-chart="val/accuracy"]'));
  const now = await boxOf(page.locator('[data-chart="accuracy"] h3'));
  await drag(page, [now.x + 10, now.y + 8], [other.x + 20, other.y + 40]);
  await expect
    .poll(async () => (await order(page)).slice(0, 4))
    .toEqual(["grad_norm", "loss", "accuracy", "val/accuracy"]);
  await page.getByRole("button", { name: "val 3" }).waitFor();
  await saved;
  await page.reload();
  await page.getByRole("button", { name: "val 3" }).waitFor();
  expect(errors).toEqual([]);
  await close();
});

test("the corner of a panel changes its size", async () => {
  const { page, errors, close } = await charts();
  await drawn(page, "loss");
  const panel = page.locator('[data-chart="grad_norm"]');
  const before = await boxOf(panel);
  const corner: readonly [number, number] = [before.x + before.width - 5, before.y + before.height - 5];
  const saved = kept(page);
  await drag(page, corner, [corner[0] + before.width, corner[1] + 100]);
  await expect.poll(async () => (await boxOf(panel)).width).toBeGreaterThan(before.width * 1.8);
  expect((await boxOf(panel)).height).toBeGreaterThan(before.height + 60);
  await saved;
  await drawn(page, "grad_norm");
  await page.reload();
  await expect.poll(async () => (await boxOf(panel)).height).toBeGreaterThan(before.height + 60);
  expect(errors).toEqual([]);
  await close();
});

test("curves are zoomed, moved and shown whole by pointer and by keys", async () => {
  const { page, errors, close } = await charts();
  await drawn(page, "loss");
  const plot = page.locator('[data-chart="loss"] .u-over');
  const area = await boxOf(plot);
  const y = area.y + area.height / 2;
  const at = (part: number): [number, number] => [area.x + area.width * part, y];
  const zoom = () => {
    const text = new URL(page.url()).searchParams.get("zoom");
    return text === null ? undefined : text.split("..").map(Number);
  };
  await drag(page, at(0.25), at(0.5));
  await expect.poll(() => zoom()?.[0]).toBeGreaterThan(20);
  const [from = 0, to = 0] = zoom() ?? [];
  expect(to - from).toBeCloseTo(119 * 0.25, -1);
  await drawn(page, "loss");
  await page.keyboard.down("Shift");
  await drag(page, at(0.2), at(0.6));
  await page.keyboard.up("Shift");
  await expect.poll(() => zoom()?.[0]).toBeLessThan(from - 5);
  const [moved = 0, movedTo = 0] = zoom() ?? [];
  expect(movedTo - moved).toBeCloseTo(to - from, 3);
  await plot.dblclick();
  await expect.poll(zoom).toBeUndefined();
  const keys = page.locator('[data-chart="loss"]').getByRole("group", { name: /arrow keys move/ });
  await keys.focus();
  await page.keyboard.press("+");
  await expect.poll(() => zoom()).toHaveLength(2);
  const near = zoom()?.[0] ?? 0;
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => zoom()?.[0]).toBeGreaterThan(near);
  await page.keyboard.press("0");
  await expect.poll(zoom).toBeUndefined();
  expect(errors).toEqual([]);
  await close();
});

test("sections are closed, renamed and kept", async () => {
  const { page, errors, close } = await charts();
  await drawn(page, "loss");
  const saved = kept(page);
  await page.getByRole("button", { name: /^Metrics \d/ }).click();
  await page.locator('[data-chart="loss"]').waitFor({ state: "detached" });
  await page.getByRole("button", { name: /^val \d/ }).hover();
  await page.getByRole("button", { name: "Section val" }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  const field = page.getByLabel("Name of the section");
  await field.fill("Validation");
  await field.press("Enter");
  await page.getByRole("button", { name: /^Validation \d/ }).waitFor();
  await saved;
  await expect
    .poll(async () => {
      const path = world.experimentUrl.replace("/experiments/", "/api/v1/experiments/");
      return (await page.request.get(`${path}/workspace`)).text();
    })
    .toContain("Validation");
  await page.reload();
  await page.getByRole("button", { name: /^Validation \d/ }).waitFor();
  const metrics = page.getByRole("button", { name: /^Metrics \d/ });
  expect(await metrics.getAttribute("aria-expanded")).toBe("false");
  await metrics.click();
  await drawn(page, "loss");
  expect(errors).toEqual([]);
  await close();
});

/** How a file of each type begins or ends. */
const looks: Record<string, (bytes: Buffer) => boolean> = {
  PNG: (bytes) => bytes.subarray(1, 4).toString() === "PNG",
  SVG: (bytes) => bytes.toString().startsWith("<svg") && bytes.toString().trimEnd().endsWith("</svg>"),
  CSV: (bytes) => bytes.toString().split("\n").length > 30,
};

test("curves and panels of all runs are downloaded", async () => {
  const { page, errors, close } = await charts();
  await drawn(page, "loss");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("menuitem", { name: "Scatter" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  const scatter = page.locator('[data-panel="scatter"]');
  await scatter.locator("canvas").waitFor();
  for (const panel of [page.locator('[data-chart="loss"]'), scatter])
    for (const [type, looksRight] of Object.entries(looks)) {
      await panel.hover();
      await panel.getByRole("button", { name: /^More for/ }).click();
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("menuitem", { name: type }).click(),
      ]);
      expect(file.suggestedFilename()).toMatch(new RegExp(`\\.${type.toLowerCase()}$`));
      const bytes = await readFile(await file.path());
      expect(type === "CSV" && panel === scatter ? bytes.length > 100 : looksRight(bytes), type).toBe(true);
    }
  expect(errors).toEqual([]);
  await close();
});

test("a panel has the whole window, and Esc gives it back", async () => {
  const { page, errors, close } = await charts();
  await drawn(page, "loss");
  const panel = page.locator('[data-chart="loss"]');
  await panel.focus();
  await page.keyboard.press("Enter");
  const large = page.getByRole("dialog", { name: "loss" });
  await large.locator(".u-over").waitFor();
  expect((await boxOf(large)).width).toBeGreaterThan(1300);
  await large
    .getByText(/forest-/)
    .first()
    .waitFor();
  await picture(page, "panels-large");
  await page.keyboard.press("Escape");
  await large.waitFor({ state: "detached" });
  expect(errors).toEqual([]);
  await close();
});

test("the list of shortcuts has those of panels", async () => {
  const { page, errors, close } = await charts();
  await drawn(page, "loss");
  await page.keyboard.press("?");
  const list = page.getByRole("dialog", { name: "Keyboard and mouse" });
  await list.getByRole("heading", { name: "The panel that has the focus" }).waitFor();
  await picture(page, "panels-shortcuts");
  expect(errors).toEqual([]);
  await close();
});
