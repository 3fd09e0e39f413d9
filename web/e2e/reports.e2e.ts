import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Report } from "../src/api/types";
import { drawn, open } from "./browser";
import { type Penguins, startPenguins } from "./penguins";
import { picture, pictures } from "./pictures";

let world: Penguins;

beforeAll(async () => {
  world = await startPenguins();
});

afterAll(() => world?.stop());

const fenced = (block: Record<string, unknown>) => `\`\`\`runstone\n${JSON.stringify(block)}\n\`\`\``;
const begin = (title: string, body: string) => world.server.post<Report>("/reports", { title, body });
const addressOf = (report: Report) => `${world.server.address}/reports/${report.id}`;

async function everyKind(): Promise<Report> {
  const [first, second] = [world.runOf(0), world.runOf(1)];
  const blocks = [
    { kind: "chart", keys: ["val/loss", "val/accuracy"], runs: [first.id, second.id] },
    { kind: "table", runs: [first.id, second.id], columns: ["metrics.val/loss:min", "params.learning_rate", "status"] },
    { kind: "metric", run: first.id, key: "val/loss", pick: "min" },
    { kind: "run", run: second.id },
    { kind: "run", run: "nobody" },
    { kind: "pie" },
  ];
  return begin(
    "What was learned",
    `The **question** and [an answer][1].\n\n${blocks.map(fenced).join("\n\n")}\n\n[1]: https://example.org/`,
  );
}

describe("reports", () => {
  test("an empty list says what reports are for, and the first one is begun and written", async () => {
    const { page, errors, close } = await open(world.browser, `${world.server.address}/reports`);
    await page.getByText("No reports yet").waitFor();
    await picture(page, "reports-empty");
    await page.getByRole("button", { name: "New report" }).click();
    await page.getByLabel("Title", { exact: true }).fill("Which rate is best");
    await page.getByRole("button", { name: "Insert" }).click();
    await page.getByRole("menuitem", { name: "Chart" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Metrics").fill("val/loss");
    await dialog.getByRole("button", { name: world.runOf(0).name }).click();
    await picture(page, "report-insert");
    await dialog.getByRole("button", { name: "Insert" }).click();
    await drawn(page, "val/loss", 100);
    await picture(page, "report-editor");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: "Which rate is best" }).waitFor();
    await page.getByText("Version 2 by default").waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test("a table takes order and columns from a saved view that was chosen for it", async () => {
    const id = world.experimentId;
    const settings = { version: 1, search: { sort: "-name" }, table: { columns: ["name", "params.model"] } };
    const view = await world.server.post<{ id: string }>(`/experiments/${id}/views`, { name: "Names", settings });
    const report = await begin("By view", "");
    const { page, errors, close } = await open(world.browser, `${addressOf(report)}?edit=1`);
    await page.getByRole("button", { name: "Insert" }).click();
    await page.getByRole("menuitem", { name: "Table" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Experiment").selectOption({ value: id });
    await dialog.getByLabel("Saved view").selectOption({ label: "Names" });
    await picture(page, "report-insert-view");
    await dialog.getByRole("button", { name: "Insert" }).click();
    expect(await page.getByLabel("Report in Markdown").inputValue()).toContain(`"view": "${view.id}"`);
    await page.getByRole("columnheader", { name: "model" }).waitFor();
    const last =
      world.runs
        .map((run) => run.name)
        .sort()
        .at(-1) ?? "";
    await expect.poll(() => page.getByRole("row").nth(1).textContent()).toContain(last);
    expect(errors).toEqual([]);
    await close();
  });

  test("every kind of block shows what is stored, and one that cannot says why", async () => {
    const report = await everyKind();
    const { page, close } = await open(world.browser, addressOf(report));
    await drawn(page, "val/loss", 200);
    await page.getByRole("cell", { name: world.runOf(1).name }).waitFor();
    await page.getByText("val/loss, least value").waitFor();
    await page.getByText(/Run nobody could not be read/).waitFor();
    await page.getByText('not "pie"').waitFor();
    await picture(page, "report");
    await close();
  });

  test("what was not saved is there after a reload, and nobody's version is overwritten", async () => {
    const report = await begin("Shared", "first");
    const { page, close } = await open(world.browser, `${addressOf(report)}?edit=1`);
    await page.getByLabel("Report in Markdown").fill("mine");
    await page.reload();
    await page.getByText("This is what you wrote before").waitFor();
    await world.server.post(`/reports/${report.id}/versions`, { on: 1, title: "Shared", body: "theirs" });
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Version 2 was saved by default meanwhile").waitFor();
    await picture(page, "report-conflict");
    await page.getByRole("button", { name: "Save mine on top" }).click();
    await page.getByText("Version 3 by default").waitFor();
    await page.getByRole("button", { name: "Versions" }).click();
    await page.getByRole("dialog").getByRole("button", { name: /^2/ }).click();
    await page.getByText("This is version 2 of 3").waitFor();
    await page.getByText("theirs").waitFor();
    expect(new URL(page.url()).searchParams.get("version")).toBe("2");
    await close();
  });

  test("a report is deleted and brought back", async () => {
    const report = await begin("Not needed", "text");
    const { page, errors, close } = await open(world.browser, addressOf(report));
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Restore" }).click();
    await page.getByRole("button", { name: "Edit" }).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test("a starred report comes first, and is starred where it is read", async () => {
    await begin("Older and dear", "text");
    await begin("Newer", "text");
    const { page, errors, close } = await open(world.browser, `${world.server.address}/reports`);
    const titles = page.getByRole("main").getByRole("listitem").getByRole("link");
    await expect.poll(() => titles.first().textContent()).toBe("Newer");
    await page.getByRole("button", { name: "Star Older and dear" }).click();
    await expect.poll(() => titles.first().textContent()).toBe("Older and dear");
    await picture(page, "reports-starred");
    await titles.first().click();
    await page.getByRole("button", { name: "Take the star from Older and dear" }).click();
    await page.getByRole("button", { name: "Star Older and dear" }).waitFor();
    await page.goBack();
    await expect.poll(() => titles.first().textContent()).toBe("Newer");
    expect(errors).toEqual([]);
    await close();
  });

  test("one file of it opens offline and looks the same", async () => {
    const report = await everyKind();
    const { page, close } = await open(world.browser, addressOf(report));
    await drawn(page, "val/loss", 200);
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export" }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe("what-was-learned-v1.html");
    const file = join(await mkdtemp(join(tmpdir(), "runstone-report-")), download.suggestedFilename());
    await download.saveAs(file);
    const html = await readFile(file, "utf8");
    expect(html).not.toContain("<script");
    const offline = await open(world.browser, "about:blank", { offline: true });
    const asked: string[] = [];
    offline.page.on("request", (request) => asked.push(request.url()));
    await offline.page.goto(pathToFileURL(file).href);
    await offline.page.getByRole("heading", { name: "What was learned" }).waitFor();
    await offline.page.getByText(world.runOf(1).name).first().waitFor();
    await offline.page.getByText(/exported from http:\/\/127\.0\.0\.1/).waitFor();
    const drawings = await offline.page.evaluate(() =>
      [...document.querySelectorAll("img")].map((image) => image.complete && image.naturalWidth > 100),
    );
    expect(drawings).toEqual([true, true]);
    expect(asked.filter((url) => !url.startsWith("file:") && !url.startsWith("data:"))).toEqual([]);
    expect(await offline.page.getByRole("button").count()).toBe(0);
    await picture(offline.page, "report-offline");
    expect(offline.errors).toEqual([]);
    await offline.close();
    await close();
  });

  test("reports are legible on a phone and in the dark", async () => {
    const report = await begin(
      "Small",
      `Text.\n\n${fenced({ kind: "table", experiment: world.experimentId, limit: 5 })}`,
    );
    await pictures(world.browser, {
      name: "report-page",
      url: addressOf(report),
      ready: (page) => page.getByText("First 5 of").waitFor(),
    });
    await pictures(world.browser, {
      name: "reports",
      url: `${world.server.address}/reports`,
      ready: (page) => page.getByText("Small").waitFor(),
    });
  });
});
