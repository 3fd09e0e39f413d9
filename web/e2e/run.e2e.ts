import { afterAll, beforeAll, expect, test } from "vitest";
import { open } from "./browser";
import { type Penguins, startPenguins } from "./penguins";
import { picture } from "./pictures";

let world: Penguins;

beforeAll(async () => {
  world = await startPenguins();
});

afterAll(() => world?.stop());

test("a run shows what it is, its name and notes can be changed", async () => {
  const run = world.runOf(0);
  const { page, errors, close } = await open(world.browser, `${world.server.address}/runs/${run.id}`);
  await page.getByRole("heading", { name: run.name }).waitFor();
  await page.getByText("deeper trees overfit").waitFor();
  await picture(page, "run");
  await page.getByRole("button", { name: "Edit the name" }).click();
  await page.getByLabel("Name of the run").fill("baseline");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "baseline" }).waitFor();
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await page.getByLabel("Notes in Markdown").fill("Now **bold** words");
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator("strong", { hasText: "bold" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "baseline" }).waitFor();
  expect(errors).toEqual([]);
  await close();
});

test("what cannot be read now says so at once and comes by itself", async () => {
  const run = world.runOf(2);
  const { page, close } = await open(world.browser, world.server.address);
  const away = { status: 503, json: { status: 503, code: "unavailable", detail: "PostgreSQL cannot be reached." } };
  await page.route(`**/api/v1/runs/${run.id}`, (route) => route.fulfill(away));
  await page.goto(`${world.server.address}/runs/${run.id}`);
  const alert = page.getByRole("alert");
  await alert.getByText("PostgreSQL cannot be reached.").waitFor();
  await alert.getByText("This page keeps trying.").waitFor();
  await page.unroute(`**/api/v1/runs/${run.id}`);
  await page.getByRole("heading", { name: run.name }).waitFor();
  await close();
});
