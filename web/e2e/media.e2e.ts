import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, open } from "./browser";
import { picture, pictures } from "./pictures";
import { TestServer } from "./server";

let server: TestServer;
let browser: Browser;
let run = "";

const steps = [10, 20, 30];
const drawing = (step: number) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240"><rect width="320" height="240" fill="hsl(${step * 9} 60% 80%)"/><circle cx="160" cy="120" r="${step * 2}" fill="hsl(${step * 9} 60% 40%)"/></svg>`;

/** Two classes of which ever more are told apart; each mistake of the last step is attached. */
const matrix = (step: number) => ({
  labels: ["cat", "dog"],
  counts: [
    [step, 2],
    [1, 40 - step],
  ],
  rows: {
    columns: ["file", "score"],
    rows: [
      ["17.png", 0.61],
      ["18.png", 0.57],
      ["41.png", 0.44],
    ],
    actual: [0, 0, 1],
    predicted: [1, 1, 0],
  },
});

const mediaOf = (step: number) => [
  { key: "samples", type: "image", path: `media/samples/${step}.svg`, caption: `after ${step} batches` },
  { key: "notes", type: "text", data: { text: `**Step ${step}** went well.`, format: "markdown" } },
  {
    key: "mistakes",
    type: "table",
    data: {
      columns: ["picture", "is", "score"],
      rows: [
        [{ type: "image", path: `media/samples/${step}.svg` }, "cat", step / 7],
        [null, "dog", 0.5],
      ],
    },
  },
  { key: "weights", type: "histogram", data: { edges: [-1, 0, 1, 2], counts: [step, 40, 3], missing: 2 } },
  { key: "confusion", type: "confusion-matrix", data: matrix(step) },
  {
    key: "roc",
    type: "roc",
    data: {
      curves: [
        {
          label: "dog",
          falsePositiveRate: [0, 0, 0.5, 1],
          truePositiveRate: [0, 0.5, 1, 1],
          thresholds: ["Infinity", 0.9, 0.4, 0.1],
          auc: 0.875,
          positives: 2,
          negatives: 2,
        },
      ],
    },
  },
  {
    key: "pr",
    type: "pr",
    data: { curves: [{ label: "dog", recall: [0, 0.5, 1], precision: [1, 1, 0.75], averagePrecision: 0.8125 }] },
  },
];

beforeAll(async () => {
  [server, browser] = await Promise.all([TestServer.start(), launch()]);
  run = (await server.post<{ id: string }>("/runs", { experiment: "media", name: "looked at" })).id;
  for (const step of steps) {
    await server.upload(run, `media/samples/${step}.svg`, drawing(step));
    await server.post(`/runs/${run}/log`, { media: mediaOf(step).map((item) => ({ ...item, step })) });
  }
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const url = (more = "") => `${server.address}/runs/${run}?tab=media${more}`;
const card = (page: Page, key: string): Locator => page.getByRole("region", { name: key, exact: true });

test("everything that was logged is shown with its figures", async () => {
  const { page, errors, close } = await open(browser, url());
  await card(page, "samples").getByRole("img", { name: "after 30 batches" }).waitFor();
  await card(page, "notes").getByText("went well").waitFor();
  const table = card(page, "mistakes").getByRole("grid", { name: "mistakes" });
  await table.getByTitle(String(30 / 7), { exact: true }).waitFor();
  await table.getByRole("img", { name: "media/samples/30.svg" }).waitFor();
  await card(page, "mistakes").getByText("2 rows, 3 columns").waitFor();
  await card(page, "weights").getByRole("img", { name: "Histograms of weights over 3 steps" }).waitFor();
  await card(page, "weights").getByText("2 values were not finite").waitFor();
  await card(page, "confusion").getByText("accuracy 93.0 % of 43").waitFor();
  await card(page, "roc").getByRole("img", { name: "roc: dog AUC 0.875" }).waitFor();
  await card(page, "roc").getByText("2 positives, 2 negatives").waitFor();
  await card(page, "pr").getByRole("img", { name: "pr: dog AP 0.8125" }).waitFor();
  await page.getByLabel("Search keys").fill("^(roc|pr)$");
  await expect.poll(() => page.getByRole("slider").count()).toBe(2);
  expect(errors).toEqual([]);
  await close();
});

test("the slider moves all cards to a step, which the address keeps", async () => {
  const { page, errors, close } = await open(browser, url());
  await card(page, "samples").getByText("after 30 batches").waitFor();
  await card(page, "samples").getByRole("slider").focus();
  await page.keyboard.press("ArrowLeft");
  await card(page, "samples").getByText("after 20 batches").waitFor();
  await card(page, "notes").getByText("Step 20", { exact: true }).waitFor();
  await card(page, "mistakes")
    .getByTitle(String(20 / 7), { exact: true })
    .waitFor();
  expect(new URL(page.url()).searchParams.get("step")).toBe("20");
  await page.reload();
  await card(page, "samples").getByText("after 20 batches").waitFor();
  await page.getByRole("button", { name: "Show the last" }).click();
  await card(page, "samples").getByText("after 30 batches").waitFor();
  expect(new URL(page.url()).searchParams.has("step")).toBe(false);
  expect(errors).toEqual([]);
  await close();
});

test("a cell of a confusion matrix leads to its rows", async () => {
  const { page, errors, close } = await open(browser, url());
  const confusion = card(page, "confusion");
  await confusion.getByRole("button", { name: "cat taken for dog: 2" }).click();
  await confusion.getByText("2 logged rows of cat taken for dog").waitFor();
  const rows = confusion.getByRole("grid", { name: "Rows behind the cell" });
  await rows.getByText("18.png").waitFor();
  expect(await rows.getByText("41.png").count()).toBe(0);
  await confusion.getByRole("button", { name: "Share of actual" }).click();
  await confusion.getByRole("button", { name: "cat taken for dog: 6.3 %" }).waitFor();
  await picture(page, "media-confusion");
  await card(page, "weights").getByRole("button", { name: "Heat map" }).click();
  await card(page, "weights").getByRole("img", { name: "Heat map of weights over 3 steps" }).waitFor();
  await card(page, "weights").getByRole("button", { name: "This step" }).click();
  await card(page, "weights").getByRole("img", { name: "Histogram of weights" }).waitFor();
  expect(errors).toEqual([]);
  await close();
});

test("a search that finds nothing says so", async () => {
  const { page, close } = await open(browser, `${url()}&media=nothing`);
  await page.getByText("No key is called like that").waitFor();
  await picture(page, "media-nothing");
  await close();
});

test("the tab is legible wide and narrow, light and dark", async () => {
  await pictures(browser, {
    name: "media",
    url: url(),
    ready: (page) => card(page, "confusion").getByText("accuracy 93.0 %").waitFor(),
  });
});
