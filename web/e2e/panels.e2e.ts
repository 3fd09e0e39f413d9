import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drawn, open } from "./browser";
import { type Penguins, startPenguins } from "./penguins";
import { picture } from "./pictures";

let world: Penguins;

beforeAll(async () => {
  world = await startPenguins();
});

afterAll(() => world?.stop());

const order = (page: Page) =>
  page.locator("[data-chart]").evaluateAll((panels) => panels.map((panel) => panel.getAttribute("data-chart")));

/** What is kept is on the server half a second after a change. */
const kept = (page: Page) =>
  page.waitForResponse((answer) => answer.url().endsWith("/workspace") && answer.request().method() === "PUT");

test("panels are moved, sized, pinned and hidden by keys, and stay so", async () => {
  const { page, errors, close } = await open(world.browser, `${world.experimentUrl}?show=charts`);
  await drawn(page, "loss");
  const before = await order(page);
  expect(before.slice(0, 2)).toEqual(["accuracy", "grad_norm"]);
  const first = page.locator('[data-chart="accuracy"]');
  await first.focus();
  let saved = kept(page);
  await page.keyboard.press("Alt+ArrowRight");
  await expect.poll(async () => (await order(page)).slice(0, 2)).toEqual(["grad_norm", "accuracy"]);
  await saved;
  saved = kept(page);
  const narrow = (await first.boundingBox())?.width ?? 0;
  await first.focus();
  await page.keyboard.press("Shift+ArrowRight");
  await expect.poll(async () => (await first.boundingBox())?.width ?? 0).toBeGreaterThan(narrow * 1.8);
  await page.locator('[data-chart="val/loss"]').focus();
  await page.keyboard.press("p");
  await expect.poll(async () => (await order(page))[0]).toBe("val/loss");
  await page.locator('[data-chart="grad_norm"]').focus();
  await page.keyboard.press("Delete");
  await page.locator('[data-chart="grad_norm"]').waitFor({ state: "detached" });
  await saved;
  await expect
    .poll(async () => {
      const answer = await page.request.get(
        `${world.experimentUrl.replace("/experiments/", "/api/v1/experiments/")}/workspace`,
      );
      return JSON.stringify(((await answer.json()) as { settings: unknown }).settings);
    })
    .toContain('"hidden":true');
  await page.reload();
  await drawn(page, "val/loss");
  expect((await order(page)).slice(0, 2)).toEqual(["val/loss", "accuracy"]);
  await page.getByRole("button", { name: "1 hidden panel" }).click();
  await page.locator('[data-chart="grad_norm"]').waitFor();
  expect(errors).toEqual([]);
  await close();
});

test("two quick changes of a panel's settings are both kept", async () => {
  const { page, errors, close } = await open(world.browser, `${world.experimentUrl}?show=charts`);
  await drawn(page, "loss");
  await page.getByRole("button", { name: "Settings of loss", exact: true }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("button", { name: "Log" }).first().waitFor();
  const pressed = () => drawer.locator('button[aria-pressed="true"]', { hasText: /^Log$/ }).count();
  expect(await pressed()).toBe(0);
  // In one go, so that nothing is drawn in between.
  const clicked = await drawer.evaluate((element) => {
    const buttons = [...element.querySelectorAll("button")].filter((button) => button.textContent === "Log");
    for (const button of buttons) button.click();
    return buttons.length;
  });
  expect(clicked).toBe(2);
  await expect.poll(pressed).toBe(2);
  expect(errors).toEqual([]);
  await close();
});

test("a panel is added, computed from metrics, and downloaded", async () => {
  const { page, errors, close } = await open(world.browser, `${world.experimentUrl}?show=charts`);
  await drawn(page, "loss");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("menuitem", { name: "Curves" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("button", { name: "Expression" }).click();
  const field = drawer.getByLabel(/Computed from metrics/);
  await field.fill("val/loss -");
  await field.press("Enter");
  await drawer.getByRole("alert").filter({ hasText: "missing at the end" }).waitFor();
  await field.fill("`val/loss` - loss");
  await field.press("Enter");
  await drawer.getByRole("button", { name: "Close" }).click();
  const panel = page.getByRole("region", { name: "`val/loss` - loss" });
  await panel.locator(".u-over").waitFor();
  await panel.hover();
  await panel.getByRole("button", { name: /^More for/ }).click();
  const file = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "CSV" }).click();
  expect((await file).suggestedFilename()).toMatch(/\.csv$/);
  expect(errors).toEqual([]);
  await close();
});

test("ranges of parallel coordinates filter the runs", async () => {
  const { page, errors, close } = await open(world.browser, `${world.experimentUrl}?show=charts&sel=all`);
  await drawn(page, "loss");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("menuitem", { name: "Parallel coordinates" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  const axis = page.getByRole("slider", { name: "Range of learning_rate" });
  await axis.focus();
  for (let step = 0; step < 10; step++) await page.keyboard.press("Shift+ArrowDown");
  await page.getByText(/runs in the ranges/).waitFor();
  await picture(page, "panels-parallel");
  await page.getByRole("button", { name: "Filter the runs" }).click();
  await expect
    .poll(() => new URL(page.url()).searchParams.get("filter"))
    .toMatch(/^params\.learning_rate >= .* and params\.learning_rate <= /);
  expect(errors).toEqual([]);
  await close();
});
