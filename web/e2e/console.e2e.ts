import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, open } from "./browser";
import { picture } from "./pictures";
import { TestServer } from "./server";

let server: TestServer;
let browser: Browser;
let run = "";
const total = 30_000;

const append = (lines: { text: string; stream?: string }[]) => server.post(`/runs/${run}/console`, { lines });

beforeAll(async () => {
  [server, browser] = await Promise.all([TestServer.start(), launch()]);
  run = (await server.post<{ id: string }>("/runs", { experiment: "consoles", name: "wordy" })).id;
  for (let part = 0; part < 3; part++)
    await append(
      Array.from({ length: total / 3 }, (_, at) => {
        const line = (part * total) / 3 + at;
        return line === 12_345
          ? { text: "\u001b[31mneedle\u001b[0m in the hay", stream: "err" }
          : { text: `line ${line} of an ordinary run` };
      }),
    );
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

test("a console follows its end, is searched, and any line has a link", async () => {
  const { page, errors, close } = await open(browser, `${server.address}/runs/${run}?tab=console`);
  const lines = page.getByRole("log", { name: "Console" });
  await lines.getByText(`line ${total - 1} of`).waitFor();
  await page.getByText("30,000 lines").waitFor();
  await append([{ text: "the newest line" }]);
  await lines.getByText("the newest line").waitFor();
  await picture(page, "console");

  await page.getByLabel("Search the console").fill("needle");
  await page.getByText("1 of 1", { exact: true }).waitFor();
  await lines.locator("mark", { hasText: "needle" }).waitFor();
  expect(await page.getByRole("button", { name: "Follow" }).getAttribute("aria-pressed")).toBe("false");
  await lines.getByRole("button", { name: "Link to line 12348" }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get("line")).toBe("12348");
  await page.reload();
  await lines.getByText("line 12347 of").waitFor();
  await lines.focus();
  await page.keyboard.press("Home");
  await lines.getByText("line 0 of").waitFor();
  expect(await lines.getByText(/of an ordinary run/).count()).toBeLessThan(100);
  await page.getByLabel("Search the console").fill("(");
  await page.getByLabel("Regex").check();
  await page.getByRole("status").filter({ hasText: /\(/ }).waitFor();
  // The browser notes the refused search; nothing else went wrong.
  expect(errors.filter((error) => !error.includes("400"))).toEqual([]);
  await close();
});

test("a run without a console says how to get one", async () => {
  const { id } = await server.post<{ id: string }>("/runs", { experiment: "consoles", name: "silent" });
  const { page, errors, close } = await open(browser, `${server.address}/runs/${id}?tab=console`);
  await page.getByText("Nothing was written yet").waitFor();
  expect(errors).toEqual([]);
  await close();
});
