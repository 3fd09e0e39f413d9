import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const folder = process.env.RUNSTONE_SCREENSHOTS ?? mkdtempSync(join(tmpdir(), "runstone-screenshots-"));
mkdirSync(folder, { recursive: true });

/** Debian's Chromium with a fresh profile and nothing that calls home. */
export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

/** A page that remembers what went wrong in it. */
export async function open(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; errors: string[]; close: () => Promise<void> }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on(
    "console",
    (message) => message.type() === "error" && errors.push(`${message.text()} ${message.location().url}`),
  );
  await page.goto(url);
  return { page, errors, close: () => context.close() };
}

/** Waits until nothing fades in any more: before that nothing has its final place and colours. */
export const settled = (page: Page): Promise<unknown> =>
  page.waitForFunction(() =>
    document
      .getAnimations()
      .every((one) => one.playState !== "running" || one.effect?.getTiming().iterations === Infinity),
  );

export async function shoot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** Waits until a chart shows a line, not only its grid. */
export async function drawn(page: Page, metric: string, least = 500): Promise<void> {
  await page.waitForFunction(
    ({ name, minimum }) => {
      const canvas = document.querySelector<HTMLCanvasElement>(`[data-chart="${name}"] canvas`);
      const context = canvas?.getContext("2d");
      if (!canvas || !context) return false;
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      let coloured = 0;
      // Axes and grid are grey: a line of a run has a colour, if only the bluish one of --series-11.
      for (let at = 0; at < data.length; at += 4) {
        const [red = 0, green = 0, blue = 0, alpha = 0] = data.slice(at, at + 4);
        if (alpha > 100 && Math.max(red, green, blue) - Math.min(red, green, blue) > 20) coloured += 1;
      }
      return coloured >= minimum;
    },
    { name: metric, minimum: least },
    { polling: 100 },
  );
}
