import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drawn, launch, open } from "./browser";
import { type SeededRun, seedRun } from "./seed";
import { TestServer } from "./server";

let server: TestServer;
let browser: Browser;
let runs: SeededRun[];
let url: string;

beforeAll(async () => {
  [server, browser] = await Promise.all([TestServer.start(), launch()]);
  runs = [];
  for (const at of [0, 1, 2, 3]) runs.push(await seedRun(server, "moving", at, { steps: 50, status: "running" }));
  const { experiments } = await fetch(`${server.address}/api/v1/experiments`).then((answer) => answer.json());
  const id = experiments.find((one: { name: string }) => one.name === "moving").id;
  url = `${server.address}/experiments/${id}`;
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const log = (step: number, value: number) =>
  Promise.all(
    runs.map((run) =>
      server.post(`/runs/${run.id}/log`, { metrics: { keys: ["loss"], key: [0], step: [step], value: [value] } }),
    ),
  );

test("bands of groups and panels of all runs move while runs log", async () => {
  const { page, errors, close } = await open(browser, `${url}?show=charts&group=params.model`);
  await drawn(page, "loss");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("menuitem", { name: "Histogram" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  const histogram = page.locator('[data-panel="histogram"]');
  await histogram.getByText("All 4 runs").waitFor();
  const band = page.locator('[data-chart="loss"]');
  await log(60, 4.25);
  await band.getByText("4.25").first().waitFor();
  await log(61, 7.5);
  await band.getByText("7.5").first().waitFor();
  const more = await seedRun(server, "moving", 4, { steps: 50, status: "running" });
  expect(more.name).toBe("boosted-004");
  await histogram.getByText("All 5 runs").waitFor();
  expect(errors).toEqual([]);
  await close();
});
