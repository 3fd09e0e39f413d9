import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drawn, launch, open, shoot } from "./browser";
import { type SeededRun, seedFiles, seedRun } from "./seed";
import { TestServer } from "./server";

let server: TestServer;
let browser: Browser;
const runs: SeededRun[] = [];
let experimentUrl = "";

beforeAll(async () => {
  [server, browser] = await Promise.all([TestServer.start(), launch()]);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const runOf = (index: number): SeededRun => {
  const run = runs[index];
  if (!run) throw new Error(`There is no seeded run ${index}`);
  return run;
};

const counted = (page: Page, runs: number) => page.locator("[aria-live]", { hasText: new RegExp(`^${runs} runs$`) });

describe("an empty server", () => {
  test("teaches with snippets that hold its own address", async () => {
    const { page, errors, close } = await open(browser, server.address);
    await page.getByRole("heading", { name: "Log a first run" }).waitFor();
    const code = page.locator("pre");
    expect(await code.textContent()).toContain(`set_tracking_uri("${server.address}")`);
    await page.getByRole("button", { name: "C#" }).click();
    expect(await code.textContent()).toContain(`new TrackingClient("${server.address}")`);
    await page.getByRole("button", { name: "curl" }).click();
    expect(await code.textContent()).toContain(`${server.address}/api/v1/runs`);
    await shoot(page, "home-empty");
    expect(errors).toEqual([]);
    await close();
  });

  test("makes an experiment and refuses its name a second time", async () => {
    const { page, close } = await open(browser, server.address);
    for (const expected of ["made", "refused"]) {
      await page.goto(server.address);
      await page.getByRole("button", { name: "New experiment" }).click();
      await page.getByLabel("Name", { exact: true }).fill("made by hand");
      await page.getByRole("button", { name: "Create" }).click();
      if (expected === "made") await page.getByRole("heading", { name: "No runs yet" }).waitFor();
      else await page.getByRole("dialog").getByRole("alert").getByText("made by hand").waitFor();
    }
    await close();
  });
});

describe("with runs", () => {
  beforeAll(async () => {
    for (let index = 0; index < 30; index++) {
      const parent = index % 10 === 1 ? runs[index - 1]?.id : undefined;
      runs.push(await seedRun(server, "penguin-species", index, parent ? { parentId: parent } : {}));
    }
    await seedFiles(server, runOf(0).id);
    const page = await fetch(`${server.address}/api/v1/experiments?limit=100`).then((response) => response.json());
    const id = page.experiments.find((one: { name: string }) => one.name === "penguin-species").id;
    experimentUrl = `${server.address}/experiments/${id}`;
  });

  test("home counts them and finds an experiment", async () => {
    const { page, errors, close } = await open(browser, server.address);
    const row = page.getByRole("row", { name: /penguin-species/ });
    await row.getByText("30", { exact: true }).waitFor();
    await row.getByText("3 failed").waitFor();
    await page.getByRole("heading", { name: "Recent runs" }).waitFor();
    await shoot(page, "home");
    await page.getByLabel("Search experiments").fill("penguin");
    await page.getByRole("row", { name: /made by hand/ }).waitFor({ state: "detached" });
    expect(new URL(page.url()).searchParams.get("q")).toBe("penguin");
    expect(errors).toEqual([]);
    await close();
  });

  test("the table sorts, the address keeps it over a reload and back", async () => {
    const { page, errors, close } = await open(browser, `${experimentUrl}?view=table`);
    const first = page.locator('[data-row="0"]');
    await page
      .getByRole("columnheader", { name: /^accuracy/ })
      .getByRole("button", { name: "accuracy", exact: true })
      .click();
    await expect.poll(() => new URL(page.url()).searchParams.get("sort")).toBe("-metrics.accuracy");
    await expect
      .poll(() => page.getByRole("columnheader", { name: /^accuracy/ }).getAttribute("aria-sort"))
      .toBe("descending");
    await expect.poll(() => first.textContent()).toMatch(/^boosted-007/);
    const best = await first.textContent();
    await page.reload();
    await expect.poll(() => first.textContent()).toBe(best);
    await page.goBack();
    await expect.poll(() => new URL(page.url()).searchParams.get("sort")).toBeNull();
    expect(errors).toEqual([]);
    await close();
  });

  test("the filter completes real keys, narrows the rows and explains an error at its column", async () => {
    const { page, close } = await open(browser, `${experimentUrl}?view=table`);
    await page.locator('[data-row="0"]').waitFor();
    const field = page.getByRole("combobox", { name: "Filter runs" });
    await page.keyboard.press("/");
    await field.pressSequentially("mod");
    await page.getByRole("option", { name: /params\.model/ }).waitFor();
    await page.keyboard.press("Tab");
    await field.pressSequentially('= "forest"');
    await page.keyboard.press("Enter");
    await counted(page, 10).waitFor();
    expect(await field.inputValue()).toBe('params.model = "forest"');

    await field.fill("metrics.loss << 1");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("Column 15:").waitFor();
    await shoot(page, "filter-error");
    await close();
  });

  test("columns are chosen, pinned and kept in the address", async () => {
    const { page, close } = await open(browser, `${experimentUrl}?view=table`);
    await page.locator('[data-row="0"]').waitFor();
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByLabel("Search params, metrics, tags").fill("loss:min");
    await page.getByLabel("metrics.loss:min", { exact: true }).click();
    await page.getByRole("button", { name: "Pin loss min" }).click();
    await shoot(page, "columns");
    await page.keyboard.press("Escape");
    await page.getByRole("columnheader", { name: /loss min/ }).waitFor();
    const search = new URL(page.url()).searchParams;
    expect(search.get("cols")?.split(",")).toContain("metrics.loss:min");
    expect(search.get("pin")).toBe("metrics.loss:min");
    await close();
  });

  test("runs are selected by keyboard, deleted and brought back", async () => {
    const { page, errors, close } = await open(browser, `${experimentUrl}?view=table`);
    await page.locator('[data-row="0"]').focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    await page.getByText("2 selected").waitFor();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await counted(page, 28).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await counted(page, 30).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test("the split view draws the curves of what the table shows", async () => {
    const { page, errors, close } = await open(browser, experimentUrl);
    await drawn(page, "loss");
    await drawn(page, "accuracy");
    await shoot(page, "experiment-30");
    await page.emulateMedia({ colorScheme: "dark" });
    await page.waitForFunction(() => document.documentElement.dataset.theme === "dark");
    await drawn(page, "loss");
    await shoot(page, "experiment-30-dark");
    expect(errors).toEqual([]);
    await close();
  });

  test("compare draws all runs in one panel and tells them apart in a table", async () => {
    const ids = runs.slice(0, 5).map((run) => run.id);
    const { page, errors, close } = await open(browser, `${experimentUrl}?view=table&sel=${ids.join(",")}`);
    await page.getByRole("link", { name: "Compare" }).click();
    await page.getByRole("heading", { name: "Compare 5 runs" }).waitFor();
    await drawn(page, "val/loss", 1500);
    await shoot(page, "compare");
    await page.getByRole("tab", { name: "Differences" }).click();
    await page.getByRole("rowheader", { name: "learning_rate" }).waitFor();
    expect(await page.getByRole("rowheader", { name: "git.branch" }).count()).toBe(0);
    await page.getByLabel("Only differences").uncheck();
    await page.getByRole("rowheader", { name: "git.branch" }).waitFor();
    await shoot(page, "compare-differences");
    await page.getByRole("button", { name: `Leave out ${runOf(0).name}` }).click();
    await page.getByRole("heading", { name: "Compare 4 runs" }).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test("a run shows what it is, its name and notes can be changed", async () => {
    const run = runOf(0);
    const { page, errors, close } = await open(browser, `${server.address}/runs/${run.id}`);
    await page.getByRole("heading", { name: run.name }).waitFor();
    await page.getByText("deeper trees overfit").waitFor();
    await shoot(page, "run");
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

  test("the charts of a run zoom, reset, smooth, and keep that in the address", async () => {
    const { page, errors, close } = await open(browser, `${server.address}/runs/${runOf(2).id}?tab=charts&smooth=0.6`);
    await drawn(page, "loss");
    await shoot(page, "run-charts");
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
    await page.getByLabel("Log scale").check();
    expect(new URL(page.url()).searchParams.get("y")).toBe("log");
    await drawn(page, "loss");
    await page.getByLabel("Search metrics").fill("^val/");
    await page.locator('[data-chart="loss"]').waitFor({ state: "detached" });
    await drawn(page, "val/loss");
    expect(errors).toEqual([]);
    await close();
  });

  test("files are previewed by kind, a long log only in part", async () => {
    const { page, errors, close } = await open(browser, `${server.address}/runs/${runOf(0).id}?tab=artifacts`);
    await page.getByRole("button", { name: /metrics\.csv/ }).click();
    await page.getByRole("grid", { name: "Rows of the file" }).getByText("row 0, quoted").waitFor();
    await page.getByText("2,500 rows, 3 columns").waitFor();
    expect(await page.locator("[data-row]").count()).toBeLessThan(100);
    await shoot(page, "artifact-table");
    await page.getByRole("button", { name: /config\.json/ }).click();
    await page.getByText('"forest"').waitFor();
    await page.getByRole("button", { name: /README\.md/ }).click();
    await page.getByRole("heading", { name: "Card", exact: true }).waitFor();
    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
    await page.getByRole("button", { name: /logs/ }).click();
    await page.getByRole("button", { name: /train\.log/ }).click();
    await page.getByText(/The first 1\.0 MiB of/).waitFor();
    await page.getByText("epoch 3 loss").waitFor();
    expect(await page.getByRole("region", { name: "Text of the file" }).locator("span").count()).toBeLessThan(300);
    await page.getByRole("button", { name: /plots/ }).click();
    await page.getByRole("button", { name: /confusion\.svg/ }).click();
    await page.waitForFunction(
      () => (document.querySelector<HTMLImageElement>('img[alt="plots/confusion.svg"]')?.naturalWidth ?? 0) > 0,
    );
    await shoot(page, "artifact-image");
    await page.getByRole("button", { name: /^model / }).click();
    await page.getByRole("button", { name: /model\.bin/ }).click();
    await page.getByText("This kind of file has no preview").waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test("a run that logs moves its row, its values and its curve without a reload", async () => {
    const table = await open(browser, `${experimentUrl}?view=table`);
    await counted(table.page, 30).waitFor();
    const run = await seedRun(server, "penguin-species", 31, { status: "running", steps: 20, start: Date.now() });
    const row = table.page.locator("[data-row]", { hasText: run.name });
    await row.getByText("Running").waitFor();
    const own = await open(browser, `${server.address}/runs/${run.id}`);
    const points = own.page.getByRole("row", { name: /^loss/ }).getByRole("cell").last();
    await expect.poll(() => points.textContent()).toBe("20");
    await server.post(`/runs/${run.id}/log`, {
      metrics: { keys: ["loss"], key: [0, 0], step: [20, 21], value: [0.5, 0.123] },
    });
    await expect.poll(() => points.textContent()).toBe("22");
    await row.getByText("0.123", { exact: true }).waitFor();
    await server.post(`/runs/${run.id}/log`, { status: "finished" });
    await row.getByText("Finished").waitFor();
    expect([...table.errors, ...own.errors]).toEqual([]);
    await table.close();
    await own.close();
  });

  test("a lost connection is said, and what happened meanwhile is caught up", async () => {
    const run = await seedRun(server, "far away", 1, { status: "running", start: Date.now() });
    const { page, close } = await open(browser, `${server.address}/runs/${run.id}`);
    const live = page.getByRole("banner").getByText("Live", { exact: true });
    await live.waitFor();
    await server.halt();
    await page.getByRole("status").getByText("Connection lost, trying again").waitFor();
    await page.getByRole("heading", { name: run.name }).waitFor();
    await shoot(page, "connection-lost");
    // The stream stays away until the change has happened, so that only catching up can show it.
    await page.route("**/api/v1/live*", (route) => route.abort());
    await server.resume();
    await server.post(`/runs/${run.id}/log`, { tags: { said: "while away" } });
    await page.unroute("**/api/v1/live*");
    await live.waitFor();
    await page.getByText("while away").waitFor();
    await close();
  });

  test("what cannot be read now says so at once and comes by itself", async () => {
    const run = runOf(2);
    const { page, close } = await open(browser, server.address);
    const away = { status: 503, json: { status: 503, code: "unavailable", detail: "PostgreSQL cannot be reached." } };
    await page.route(`**/api/v1/runs/${run.id}`, (route) => route.fulfill(away));
    await page.goto(`${server.address}/runs/${run.id}`);
    const alert = page.getByRole("alert");
    await alert.getByText("PostgreSQL cannot be reached.").waitFor();
    await alert.getByText("This page keeps trying.").waitFor();
    await page.unroute(`**/api/v1/runs/${run.id}`);
    await page.getByRole("heading", { name: run.name }).waitFor();
    await close();
  });

  test("an image whose content is away says so and comes by itself", async () => {
    const { page, close } = await open(browser, server.address);
    const away = { status: 503, json: { status: 503, code: "unavailable", detail: "The object store is away." } };
    const content = /\/artifacts\/.*confusion\.svg/;
    await page.route(content, (route) => route.fulfill(away));
    await page.goto(`${server.address}/runs/${runOf(0).id}?tab=artifacts&file=plots/confusion.svg`);
    await page.getByRole("alert").getByText("The object store is away.").waitFor();
    await page.unroute(content);
    await page.waitForFunction(
      () => (document.querySelector<HTMLImageElement>('img[alt="plots/confusion.svg"]')?.naturalWidth ?? 0) > 0,
    );
    await close();
  });

  test("nested runs stand below their parent and can be hidden", async () => {
    const { page, errors, close } = await open(browser, `${experimentUrl}?view=table`);
    const tree = page.getByRole("treegrid", { name: "Runs" });
    const parent = tree.getByRole("row", { name: new RegExp(runOf(10).name) });
    const child = tree.getByRole("row", { name: new RegExp(runOf(11).name) });
    await child.waitFor();
    expect(await child.getAttribute("aria-level")).toBe("2");
    const placeOf = async (row: typeof parent) => Number(await row.getAttribute("data-row"));
    expect(await placeOf(child)).toBe((await placeOf(parent)) + 1);
    await parent.focus();
    await page.keyboard.press("ArrowLeft");
    await child.waitFor({ state: "detached" });
    expect(new URL(page.url()).searchParams.get("fold")).toBe(runOf(10).id);
    await page.reload();
    await parent.waitFor();
    expect(await child.count()).toBe(0);
    await page.getByRole("button", { name: `Show the runs nested in ${runOf(10).name}` }).click();
    await child.waitFor();
    await page
      .getByRole("columnheader", { name: /^accuracy/ })
      .getByRole("button", { name: "accuracy", exact: true })
      .click();
    await page.getByRole("grid", { name: "Runs" }).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test("what was erased is said on the run, and its other curves stay", async () => {
    const run = await seedRun(server, "erasures", 3);
    const { page, errors, close } = await open(browser, `${server.address}/runs/${run.id}?tab=charts`);
    await drawn(page, "loss");
    const reason = encodeURIComponent("a person took back their consent");
    await server.delete(`/runs/${run.id}/metrics?key=loss&reason=${reason}`);
    const notice = page.getByRole("complementary", { name: "Erased metrics" });
    await notice.getByText(/points of loss were erased just now: a person took back their consent\./).waitFor();
    await page.locator('[data-chart="loss"]').waitFor({ state: "detached" });
    await drawn(page, "accuracy");
    await shoot(page, "run-erased");
    expect(errors).toEqual([]);
    await close();
  });

  test("a phone sees everything without scrolling sideways", async () => {
    const narrow = { viewport: { width: 390, height: 844 } };
    const places = {
      home: server.address,
      experiment: experimentUrl,
      "experiment-charts": `${experimentUrl}?view=charts`,
      run: `${server.address}/runs/${runOf(0).id}`,
      "run-charts": `${server.address}/runs/${runOf(0).id}?tab=charts`,
      artifacts: `${server.address}/runs/${runOf(0).id}?tab=artifacts&file=metrics.csv`,
      compare: `${server.address}/compare?runs=${runs.slice(0, 4).map((run) => run.id)}&tab=table`,
    };
    for (const [name, url] of Object.entries(places)) {
      const { page, errors, close } = await open(browser, url, narrow);
      await page.getByRole("main").waitFor();
      await page.waitForLoadState("load");
      await page.locator("h1, h2").first().waitFor();
      await shoot(page, `phone-${name}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(390);
      expect(errors, name).toEqual([]);
      await close();
    }
  });

  test("the keyboard reaches everything and shows where it is", async () => {
    const { page, errors, close } = await open(browser, server.address);
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
    await shoot(page, "shortcuts");
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
    const { page, close } = await open(browser, server.address);
    await page.getByRole("button", { name: "Colours" }).click();
    await page.getByRole("menuitemradio", { name: "Dark" }).click();
    await page.waitForFunction(() => document.documentElement.dataset.theme === "dark");
    await page.reload();
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
    await page.getByRole("row", { name: /penguin-species/ }).waitFor();
    await shoot(page, "home-dark");
    await close();
  });

  test("what does not exist is said plainly", async () => {
    const { page, close } = await open(browser, `${server.address}/runs/nothing-here`);
    await page.getByRole("alert").getByText("This run could not be opened").waitFor();
    await shoot(page, "run-missing");
    await page.goto(`${server.address}/no/such/page`);
    await page.getByText("There is no page at this address").waitFor();
    await close();
  });
});
