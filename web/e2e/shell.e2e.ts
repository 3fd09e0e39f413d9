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

test("a lost connection is said, and what happened meanwhile is caught up", async () => {
  const run = await seedRun(world.server, "far away", 1, { status: "running", start: Date.now() });
  const { page, close } = await open(world.browser, `${world.server.address}/runs/${run.id}`);
  const live = page.getByRole("banner").getByText("Live", { exact: true });
  await live.waitFor();
  await world.server.halt();
  await page.getByRole("status").getByText("Connection lost, trying again").waitFor();
  await page.getByRole("heading", { name: run.name }).waitFor();
  await picture(page, "connection-lost");
  // The stream stays away until the change has happened, so that only catching up can show it.
  await page.route("**/api/v1/live*", (route) => route.abort());
  await world.server.resume();
  await world.server.post(`/runs/${run.id}/log`, { tags: { said: "while away" } });
  await page.unroute("**/api/v1/live*");
  await live.waitFor();
  await page.getByText("while away").waitFor();
  await close();
});

test("a phone sees everything without scrolling sideways", async () => {
  const narrow = { viewport: { width: 390, height: 844 } };
  const places = {
    home: world.server.address,
    experiment: world.experimentUrl,
    "experiment-charts": `${world.experimentUrl}?show=charts`,
    run: `${world.server.address}/runs/${world.runOf(0).id}`,
    "run-charts": `${world.server.address}/runs/${world.runOf(0).id}?tab=charts`,
    artifacts: `${world.server.address}/runs/${world.runOf(0).id}?tab=artifacts&file=metrics.csv`,
    compare: `${world.server.address}/compare?runs=${world.runs.slice(0, 4).map((run) => run.id)}&tab=table`,
  };
  for (const [name, url] of Object.entries(places)) {
    const { page, errors, close } = await open(world.browser, url, narrow);
    await page.getByRole("main").waitFor();
    await page.waitForLoadState("load");
    await page.locator("h1, h2").first().waitFor();
    await picture(page, `phone-${name}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(390);
    expect(errors, name).toEqual([]);
    await close();
  }
});

test("the keyboard reaches everything and shows where it is", async () => {
  const { page, errors, close } = await open(world.browser, world.server.address);
  await page.getByRole("row", { name: /penguin-species/ }).waitFor();
  const seen: string[] = [];
  for (let press = 0; press < 14; press++) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      return {
        text: element.textContent || element.getAttribute("aria-label") || "",
        outline: getComputedStyle(element).outlineStyle,
      };
    });
    expect(focus.outline, focus.text).not.toBe("none");
    seen.push(focus.text);
  }
  expect(seen[0]).toBe("Skip to the content");
  expect(seen.some((text) => text.includes("New experiment"))).toBe(true);
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard and mouse" }).waitFor();
  await picture(page, "shortcuts");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.getByLabel(/Name of an experiment or run/).fill("linear-002");
  await page.getByRole("dialog").getByText("linear-002").waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "linear-002" }).waitFor();
  expect(errors).toEqual([]);
  await close();
});

test("the choice of colours stays", async () => {
  const { page, close } = await open(world.browser, world.server.address);
  await page.getByRole("button", { name: "Colours" }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await page.waitForFunction(() => document.documentElement.dataset.theme === "dark");
  await page.reload();
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
  await page.getByRole("row", { name: /penguin-species/ }).waitFor();
  await picture(page, "home-dark");
  await close();
});

test("what does not exist is said plainly", async () => {
  const { page, close } = await open(world.browser, `${world.server.address}/runs/nothing-here`);
  await page.getByRole("alert").getByText("This run could not be opened").waitFor();
  await picture(page, "run-missing");
  await page.goto(`${world.server.address}/no/such/page`);
  await page.getByText("There is no page at this address").waitFor();
  await close();
});
