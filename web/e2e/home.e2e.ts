import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, open } from "./browser";
import { type Penguins, startPenguins } from "./penguins";
import { picture } from "./pictures";
import { TestServer } from "./server";

describe("an empty server", () => {
  let server: TestServer;
  let browser: Browser;

  beforeAll(async () => {
    [server, browser] = await Promise.all([TestServer.start(), launch()]);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test("teaches with snippets that hold its own address", async () => {
    const { page, errors, close } = await open(browser, server.address);
    await page.getByRole("heading", { name: "Log a first run" }).waitFor();
    const code = page.locator("pre");
    expect(await code.textContent()).toContain(`set_tracking_uri("${server.address}")`);
    await page.getByRole("button", { name: "C#" }).click();
    expect(await code.textContent()).toContain(`new TrackingClient("${server.address}")`);
    await page.getByRole("button", { name: "curl" }).click();
    expect(await code.textContent()).toContain(`${server.address}/api/v1/runs`);
    await picture(page, "home-empty");
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
  let world: Penguins;

  beforeAll(async () => {
    world = await startPenguins();
  });

  afterAll(() => world?.stop());

  test("home counts them and finds an experiment", async () => {
    await world.server.post("/experiments", { name: "made by hand" });
    const { page, errors, close } = await open(world.browser, world.server.address);
    const row = page.getByRole("row", { name: /penguin-species/ });
    await row.getByText("30", { exact: true }).waitFor();
    await row.getByText("3 failed").waitFor();
    await page.getByRole("heading", { name: "Recent runs" }).waitFor();
    await picture(page, "home");
    await page.getByLabel("Search experiments").fill("penguin");
    await page.getByRole("row", { name: /made by hand/ }).waitFor({ state: "detached" });
    expect(new URL(page.url()).searchParams.get("q")).toBe("penguin");
    expect(errors).toEqual([]);
    await close();
  });

  test("what is starred comes first, what is archived goes away and comes back", async () => {
    await world.server.post("/experiments", { name: "put away" });
    const running = await world.server.post<{ id: string }>("/runs", {
      experiment: "penguin-species",
      name: "at work",
    });
    const { page, errors, close } = await open(world.browser, world.server.address);
    await page.getByRole("region", { name: "Running now" }).getByText("at work").waitFor();
    const row = page.getByRole("row", { name: /put away/ });
    await row.getByRole("button", { name: "Star put away" }).click();
    await expect.poll(() => page.getByRole("row").nth(1).textContent()).toContain("put away");
    await page.getByRole("region", { name: "Running now" }).getByRole("button", { name: "Star at work" }).click();
    await page.getByRole("region", { name: "Starred runs" }).getByText("at work").waitFor();
    await picture(page, "home-starred");
    await row.getByRole("link", { name: "put away" }).click();
    await page.getByRole("button", { name: "Take the star from put away" }).waitFor();
    await page.goBack();
    await page.getByRole("button", { name: "Actions for put away" }).click();
    await page.getByRole("menuitem", { name: "Archive" }).click();
    await row.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Archived" }).click();
    await row.getByRole("button", { name: "Actions for put away" }).click();
    await page.getByRole("menuitem", { name: "Restore" }).click();
    await row.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Active" }).click();
    await row.waitFor();
    await world.server.post(`/runs/${running.id}/log`, { status: "finished" });
    await page.getByRole("region", { name: "Running now" }).waitFor({ state: "detached" });
    expect(errors).toEqual([]);
    await close();
  });

  test("the palette finds metrics and pages, and takes letters at once", async () => {
    const { page, errors, close } = await open(world.browser, `${world.server.address}/runs/${world.runOf(2).id}`);
    await page.getByRole("heading", { name: world.runOf(2).name }).waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("grad_norm");
    await page.getByRole("dialog").getByText("Metric", { exact: true }).waitFor();
    await page.keyboard.press("Enter");
    await expect.poll(() => new URL(page.url()).searchParams.get("metric")).toBe("^grad_norm$");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("Archived");
    await page.getByRole("dialog").getByText("Archived experiments").waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("Nothing is archived").waitFor();
    expect(errors).toEqual([]);
    await close();
  });
});
