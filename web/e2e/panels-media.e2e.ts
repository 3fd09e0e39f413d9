import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, open } from "./browser";
import { picture, pictures } from "./pictures";
import { seedRun } from "./seed";
import { TestServer } from "./server";

let server: TestServer;
let browser: Browser;
let url: string;

const drawing = (hue: number) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240"><rect width="320" height="240" fill="hsl(${hue} 60% 80%)"/><circle cx="160" cy="120" r="70" fill="hsl(${hue} 60% 40%)"/></svg>`;

beforeAll(async () => {
  [server, browser] = await Promise.all([TestServer.start(), launch()]);
  const ids: string[] = [];
  for (const [at, steps] of [3, 2, 0].entries()) {
    const run = await seedRun(server, "pictures", at, { steps: 30, status: "running" });
    ids.push(run.id);
    for (let step = 1; step <= steps; step++) {
      const path = `media/seen/${step}.svg`;
      await server.upload(run.id, path, drawing(at * 90 + step * 20));
      await server.post(`/runs/${run.id}/log`, {
        media: [
          { key: "seen", step: step * 10, type: "image", path, caption: `after ${step * 10} batches` },
          { key: "said", step: step * 10, type: "text", data: { text: `word ${step}` } },
        ],
      });
    }
  }
  const { experiments } = await fetch(`${server.address}/api/v1/experiments`).then((answer) => answer.json());
  const id = experiments.find((one: { name: string }) => one.name === "pictures").id;
  url = `${server.address}/experiments/${id}?show=charts&sel=${ids.join(",")}`;
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

test("what runs logged to be looked at stands side by side at one step", async () => {
  const { page, errors, close } = await open(browser, `${url}&metric=seen`);
  const panel = page.locator('[data-chart="i:seen"]');
  await expect.poll(() => panel.getByRole("img").count()).toBe(2);
  await panel.getByText("after 30 batches").waitFor();
  await panel.getByText("3 runs; 1 has nothing").waitFor();
  const slider = panel.getByRole("slider", { name: "Step of seen" });
  await slider.focus();
  await page.keyboard.press("Home");
  await expect.poll(() => panel.getByText("after 10 batches").count()).toBe(2);
  await page.waitForResponse((answer) => answer.url().endsWith("/workspace") && answer.request().method() === "PUT");
  await page.reload();
  await expect.poll(() => panel.getByText("after 10 batches").count()).toBe(2);
  await panel.getByText("3 runs; 1 has nothing up to step 10").waitFor();
  await panel.getByRole("button", { name: "Newest" }).click();
  await panel.getByText("after 30 batches").waitFor();
  expect(errors).toEqual([]);
  await close();
});

test("a panel of another key is added", async () => {
  const { page, errors, close } = await open(browser, url);
  await page.getByRole("button", { name: "Media 2" }).waitFor();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("menuitem", { name: "Media by step" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("button", { name: "Key: said" }).click();
  await page.getByRole("button", { name: "seen", exact: true }).click();
  await drawer.getByRole("button", { name: "Up to a step" }).click();
  await drawer.getByLabel("Up to step").fill("20");
  await drawer.getByLabel("Up to step").press("Enter");
  await picture(page, "panels-media-settings");
  await drawer.getByRole("button", { name: "Close" }).click();
  const added = page.locator('[data-chart^="p:"]');
  await expect.poll(() => added.getByText("after 20 batches").count()).toBe(2);
  expect(errors).toEqual([]);
  await close();
});

test("pictures of panels of media", () =>
  pictures(browser, {
    name: "panels-media",
    url: `${url}&metric=s%5Bae%5D%5Bei%5D`,
    ready: async (page) => {
      await page.locator('[data-chart="i:seen"] img').first().waitFor();
      await page.locator('[data-chart="i:said"]').getByText("word 3").waitFor();
    },
  }));
