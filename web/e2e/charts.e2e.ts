import { afterAll, beforeAll, expect, test } from "vitest";
import { drawn, open } from "./browser";
import { type Penguins, startPenguins } from "./penguins";
import { picture } from "./pictures";
import { seedRun } from "./seed";

let world: Penguins;

beforeAll(async () => {
  world = await startPenguins();
});

afterAll(() => world?.stop());

test("the split view draws the curves of what the table shows", async () => {
  const { page, errors, close } = await open(world.browser, world.experimentUrl);
  await drawn(page, "loss");
  await drawn(page, "accuracy");
  await picture(page, "experiment-30");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.waitForFunction(() => document.documentElement.dataset.theme === "dark");
  await drawn(page, "loss");
  await picture(page, "experiment-30-dark");
  expect(errors).toEqual([]);
  await close();
});

test("the charts of a run zoom, reset, smooth, and keep that in the address", async () => {
  const { page, errors, close } = await open(
    world.browser,
    `${world.server.address}/runs/${world.runOf(2).id}?tab=charts&smooth=0.6`,
  );
  await drawn(page, "loss");
  await picture(page, "run-charts");
  const area = await page.locator('[data-chart="loss"] .u-over').boundingBox();
  if (!area) throw new Error("The chart has no area");
  const y = area.y + area.height / 2;
  await page.mouse.move(area.x + area.width * 0.2, y);
  await page.mouse.down();
  await page.mouse.move(area.x + area.width * 0.6, y, { steps: 6 });
  await page.mouse.up();
  await expect.poll(() => new URL(page.url()).searchParams.get("zoom")).toMatch(/^\d+(\.\d+)?\.\.\d+/);
  await drawn(page, "loss");
  await page.locator('[data-chart="loss"] .u-over').dblclick();
  await expect.poll(() => new URL(page.url()).searchParams.get("zoom")).toBeNull();
  await page.getByRole("button", { name: "Scales" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Log scale", exact: true }).click();
  await page.keyboard.press("Escape");
  expect(new URL(page.url()).searchParams.get("y")).toBe("log");
  await drawn(page, "loss");
  await page.getByLabel("Search metrics").fill("^val/");
  await page.locator('[data-chart="loss"]').waitFor({ state: "detached" });
  await drawn(page, "val/loss");
  expect(errors).toEqual([]);
  await close();
});

test("what was erased is said on the run, and its other curves stay", async () => {
  const run = await seedRun(world.server, "erasures", 3);
  const { page, errors, close } = await open(world.browser, `${world.server.address}/runs/${run.id}?tab=charts`);
  await drawn(page, "loss");
  const reason = encodeURIComponent("a person took back their consent");
  await world.server.delete(`/runs/${run.id}/metrics?key=loss&reason=${reason}`);
  const notice = page.getByRole("complementary", { name: "Erased metrics" });
  await notice.getByText(/points of loss were erased just now: a person took back their consent\./).waitFor();
  await page.locator('[data-chart="loss"]').waitFor({ state: "detached" });
  await drawn(page, "accuracy");
  await picture(page, "run-erased");
  expect(errors).toEqual([]);
  await close();
});
