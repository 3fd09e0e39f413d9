import { memoryOf, openTab } from "./browser.mjs";
import { probe } from "./probe.mjs";

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const at95 = (list) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.ceil(list.length * 0.95) - 1)];
const ms = (value) => `${value.toFixed(0)} ms`;
const several = async (count, one) => {
  const list = [];
  for (let at = 0; at < count; at++) list.push(await one(at));
  return list;
};
const spread = (list) => `${ms(median(list))} (${ms(Math.min(...list))} to ${ms(Math.max(...list))})`;

/** Opens a page, waits until its table is full of rows, and closes it after `work`. */
async function withTable({ browser, server }, experiment, options, work) {
  const id = await server.experiment(experiment);
  const tab = await openTab(browser, { inside: probe, ...options });
  try {
    await tab.page.goto(`${server.address}/experiments/${id}?show=table`);
    await tab.page.waitForFunction(() => window.probe.full());
    return await work(tab.page, tab.session);
  } finally {
    await tab.close();
  }
}

async function firstPaint({ browser, server }) {
  const id = await server.experiment("many-runs");
  const times = await several(7, async () => {
    const { page, close } = await openTab(browser, { inside: probe });
    await page.goto(`${server.address}/experiments/${id}`);
    const time = await (await page.waitForFunction(() => window.firstRows)).jsonValue();
    await close();
    return time;
  });
  return { value: median(times), text: spread(times) };
}

const scrolling = (speed) => (world) =>
  withTable(world, "many-runs", { latency: 60 }, async (page) => {
    const { frames, blank } = await page.evaluate((pixels) => window.probe.scroll(pixels, 10), speed);
    return {
      value: (100 * blank) / frames,
      text: `${((100 * blank) / frames).toFixed(1)} % of ${frames} frames`,
    };
  });

const jumps = (world) =>
  withTable(world, "many-runs", {}, async (page) => {
    const places = Array.from({ length: 30 }, (_, at) => ((at * 0.618) % 1) * 0.98 + 0.01);
    const times = await several(places.length, (at) => page.evaluate((share) => window.probe.jump(share), places[at]));
    return {
      value: median(times),
      text: `median ${ms(median(times))}, p95 ${ms(at95(times))}`,
    };
  });

const filters = (world) =>
  withTable(world, "many-runs", {}, async (page) => {
    const times = await several(9, async (at) => {
      const box = page.getByRole("combobox").or(page.locator("[data-shortcut='/'] input")).first();
      await box.fill(`metrics.\`train/metric_04\` < ${(at + 1) / 20}`);
      // Each filter finds another number of runs, of which the table tells the number from its first rows on.
      const answered = page.evaluate(() => {
        const rows = () => document.querySelector("[role=grid],[role=treegrid]").getAttribute("aria-rowcount");
        const before = rows();
        return window.probe.until(() => rows() !== before && window.probe.full());
      });
      await box.press("Enter");
      return answered;
    });
    return {
      value: median(times),
      text: `median ${ms(median(times))}, p95 ${ms(at95(times))}`,
    };
  });

/** From the choice of another axis, which needs other points, until the curves stand. A tab asks for each axis once. */
const panel = (key, runs) => async (world) => {
  const id = await world.server.experiment("curves");
  const ids = Array.from({ length: runs }, (_, at) => `curves-${String(at).padStart(5, "0")}`);
  const chosen = runs <= 100 ? ids.join(",") : "all";
  const times = [];
  for (let round = 0; round < 5; round++) {
    const tab = await openTab(world.browser, { inside: probe });
    await tab.page.goto(`${world.server.address}/experiments/${id}?show=charts&metric=%5E${key}%24&sel=${chosen}`);
    await tab.page.waitForFunction((name) => document.querySelector(`[data-chart="${name}"] canvas`), key);
    await tab.page.waitForLoadState("networkidle").catch(() => undefined);
    for (const axis of ["Relative", "Time"])
      times.push(
        await tab.page.evaluate(
          (name) =>
            window.probe.drawing(() =>
              [...document.querySelectorAll("button")].find((one) => one.textContent === name).click(),
            ),
          axis,
        ),
      );
    await tab.close();
  }
  return { value: median(times), text: spread(times) };
};

async function manyPanels({ browser, server }) {
  const id = await server.experiment("many-metrics");
  const { page, session, close } = await openTab(browser, { inside: probe });
  let requests = 0;
  page.on("request", (request) => /metrics\/(frames|groups)/.test(request.url()) && requests++);
  const start = Date.now();
  await page.goto(`${server.address}/experiments/${id}?show=charts`);
  await page.waitForFunction(() => document.querySelectorAll("[data-chart] canvas").length >= 2);
  const time = Date.now() - start;
  const canvases = await page.evaluate(() => document.querySelectorAll("canvas").length);
  const { heap, nodes } = await memoryOf(session);
  await close();
  return {
    value: canvases,
    text: `${canvases} drawn, ${requests} requests, ${nodes} nodes, ${(heap / 1e6).toFixed(0)} MB; first ${ms(time)}`,
  };
}

/** A range on an axis grows with every frame. The page is told of the panel in place of what the server keeps, which stays as it is. */
async function brushing({ browser, server }) {
  const id = await server.experiment("sweep");
  const { page, close } = await openTab(browser, { inside: probe });
  const wide = { section: "added", width: 12, settings: { kind: "parallel" } };
  const workspace = { settings: { version: 1, panels: { panels: { "p:brushed": wide } } } };
  await page.route("**/workspace", (route) =>
    route.request().method() === "GET" ? route.fulfill({ json: workspace }) : route.fulfill({ status: 204 }),
  );
  await page.goto(`${server.address}/experiments/${id}?show=charts&sel=all&metric=parallel`);
  const panel = page.locator('[data-panel="parallel"]');
  await panel.getByText("All 10,000 runs").waitFor();
  await page.waitForLoadState("networkidle").catch(() => undefined);
  const rates = await several(5, () => page.evaluate(() => window.probe.brush(120)));
  await panel.getByText("of 10,000 runs in the ranges").waitFor();
  await close();
  const text = `${median(rates).toFixed(1)} frames/s (${Math.min(...rates).toFixed(1)} to ${Math.max(...rates).toFixed(1)})`;
  return { value: median(rates), text };
}

/** The speed table: what is measured, what it has to stay below or above, how. */
export const lines = [
  {
    name: "experiment page of 100,000 runs: first rows, empty cache",
    below: 1000,
    unit: "ms",
    run: firstPaint,
  },
  {
    name: "scrolling 100,000 runs at 60 ms round trip, 3,000 px/s",
    below: 2,
    unit: "% blank frames",
    run: scrolling(3000),
  },
  {
    name: "the same at 15,000 px/s",
    below: 2,
    unit: "% blank frames",
    run: scrolling(15_000),
  },
  { name: "jump to a row", below: 150, unit: "ms", run: jumps },
  {
    name: "filter of 100,000 runs to new rows",
    below: 300,
    unit: "ms",
    run: filters,
  },
  {
    name: "panel of 100 runs x 10,000 points",
    below: 300,
    unit: "ms",
    run: panel("long", 100),
  },
  {
    name: "panel of 1,000 runs x 1,000 points: 100 curves, mean and deviation of all",
    below: 800,
    unit: "ms",
    run: panel("short", 1000),
  },
  {
    name: "page of 100,000 panels: those that are drawn",
    below: 40,
    unit: "panels",
    run: manyPanels,
  },
  {
    name: "brushing 10,000 runs in parallel coordinates",
    above: 30,
    unit: "frames/s",
    run: brushing,
  },
];
