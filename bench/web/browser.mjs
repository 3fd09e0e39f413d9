import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

// The browser driver is a package of the page.
const require = createRequire(fileURLToPath(new URL("../../web/package.json", import.meta.url)));
const { chromium } = require("playwright-core");

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--enable-precise-memory-info",
    ],
  });

/**
 * A tab with an empty cache at 1440x900. `latency` is added to each request, in milliseconds, as a network of that round trip would.
 * `inside` holds what the page is asked with (probe.mjs).
 */
export async function openTab(browser, { latency = 0, inside } = {}) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const session = await context.newCDPSession(page);
  if (latency > 0) {
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", {
      offline: false,
      latency,
      downloadThroughput: -1,
      uploadThroughput: -1,
    });
  }
  if (inside) await page.addInitScript(inside);
  return { page, session, close: () => context.close() };
}

/** Bytes in use by the script heap after what is not reachable was collected, and how many nodes the document has. */
export async function memoryOf(session) {
  await session.send("HeapProfiler.collectGarbage");
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const { nodes } = await session.send("Memory.getDOMCounters");
  return { heap: usedSize, nodes };
}
