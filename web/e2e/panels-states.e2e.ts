import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, open } from "./browser";
import { picture, pictures } from "./pictures";
import { seedRun } from "./seed";
import { TestServer } from "./server";

let server: TestServer;
let browser: Browser;
let url: string;
let emptyUrl: string;

beforeAll(async () => {
  [server, browser] = await Promise.all([TestServer.start(), launch()]);
  for (const at of [0, 1, 2]) await seedRun(server, "full", at, { steps: 40 });
  await server.post("/runs", { experiment: "empty", name: "silent" });
  const { experiments } = await fetch(`${server.address}/api/v1/experiments`).then((answer) => answer.json());
  const urlOf = (name: string) =>
    `${server.address}/experiments/${experiments.find((one: { name: string }) => one.name === name).id}?show=charts`;
  [url, emptyUrl] = [urlOf("full"), urlOf("empty")];
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

test("runs without metrics say what will be here", () =>
  pictures(browser, {
    name: "panels-empty",
    url: emptyUrl,
    ready: (page) => page.getByText("No metrics yet").waitFor(),
  }));

test("panels hold their places while they are read, and say what cannot be read", async () => {
  const { page, close } = await open(browser, "about:blank");
  const held: (() => Promise<void>)[] = [];
  await page.route("**/metrics/frames", (route) => {
    held.push(() =>
      route.fulfill({
        status: 400,
        contentType: "application/problem+json",
        body: JSON.stringify({ status: 400, code: "invalid", title: "Not valid", detail: "The range is empty." }),
      }),
    );
  });
  await page.goto(url);
  const panel = page.locator('[data-chart="loss"]');
  await panel.locator(".animate-breathe").waitFor();
  await expect.poll(() => held.length).toBeGreaterThan(0);
  await picture(page, "panels-loading");
  const before = await panel.boundingBox();
  for (const answer of held.splice(0)) await answer();
  await panel.getByRole("alert").filter({ hasText: "Could not be read. The range is empty." }).waitFor();
  expect(await panel.boundingBox()).toEqual(before);
  await picture(page, "panels-error");
  await close();
});
