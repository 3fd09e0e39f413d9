import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drawn, launch, open, shoot } from "./browser";
import { configuration, TestServer } from "./server";

const program = fileURLToPath(
  new URL(`../../examples/Penguins/bin/${configuration}/net10.0/Penguins.dll`, import.meta.url),
);

let server: TestServer;
let browser: Browser;
let home: string;
let example: ChildProcess | undefined;

beforeAll(async () => {
  if (!existsSync(program)) throw new Error(`${program} is missing: run 'dotnet build examples/Penguins' first.`);
  home = await mkdtemp(join(tmpdir(), "runstone-home-"));
  [server, browser] = await Promise.all([TestServer.start(), launch()]);
});

afterAll(async () => {
  if (example?.exitCode === null) example.kill("SIGTERM");
  await browser?.close();
  await server?.stop();
  await rm(home, { recursive: true, force: true });
});

/** Starts the example as a reader would; the promise is kept when it ended well. */
function runExample(): Promise<void> {
  const child = spawn("dotnet", [program, "--epochs", "16"], {
    env: { ...process.env, RUNSTONE_TRACKING_URI: server.address, RUNSTONE_HOME: home },
    stdio: ["ignore", "pipe", "pipe"],
  });
  example = child;
  let output = "";
  child.stdout.on("data", (bytes: Buffer) => {
    output += bytes.toString();
  });
  child.stderr.on("data", (bytes: Buffer) => {
    output += bytes.toString();
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`The example ended with ${code}:\n${output}`)),
    );
  });
}

/** How many points a chart says it shows. */
const pointsOf = async (page: Page, metric: string): Promise<number> => {
  const text = await page.locator(`[data-chart="${metric}"] [role="img"]`).getAttribute("aria-label");
  return Number(/([\d,]+) points?/.exec(text ?? "")?.[1]?.replaceAll(",", "") ?? 0);
};

test("a program that trains fills a page that was open before it began", { timeout: 150_000 }, async () => {
  const { id } = await server.post<{ id: string }>("/experiments", { name: "palmer-penguins" });
  const { page, errors, close } = await open(browser, `${server.address}/experiments/${id}`);
  await page.getByRole("heading", { name: "No runs yet" }).waitFor();
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }));

  const ended = runExample();
  // A failure is told where it is awaited; until then it must not count as unhandled.
  ended.catch(() => undefined);
  const rows = page.getByRole("row");
  await rows.filter({ hasText: "compare trainers" }).getByText("Running").waitFor();
  const first = rows.filter({ hasText: "maximum-entropy l2=0.01" });
  await first.waitFor();
  const address = await first.getByRole("link", { name: "maximum-entropy l2=0.01" }).getAttribute("href");
  const own = await open(browser, `${server.address}${address}?tab=charts`);
  await drawn(own.page, "train/log_loss", 100);
  await drawn(page, "train/log_loss", 100);
  const early = await pointsOf(page, "train/log_loss");
  expect(early).toBeGreaterThan(0);

  await ended;
  await rows.filter({ hasText: "forest leaves=16" }).getByText("Finished").waitFor();
  await expect.poll(() => rows.filter({ hasText: "Finished" }).count()).toBe(7);
  await expect.poll(() => pointsOf(page, "train/log_loss")).toBeGreaterThan(early);
  // Values of single points are bars, not curves.
  await page.getByLabel("Search metrics").fill("^test/accuracy$");
  await expect.poll(() => page.locator('[data-chart="test/accuracy"] li').count()).toBe(6);
  await own.page.getByText("Finished").first().waitFor();
  expect(await page.evaluate(() => "neverReloaded" in window)).toBe(true);
  expect([...errors, ...own.errors]).toEqual([]);
  await shoot(page, "example-live");
  await close();
  await own.close();
});
