// Takes the pictures of the documentation, as a reader would see the workspaces of bench/seed. It adds a saved view and a report where they are missing.
//   bench/web/pictures --address http://127.0.0.1:5000 [--only <text>] [--output <folder>]
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { launch } from "./browser.mjs";
import { Server } from "./server.mjs";

const { values } = parseArgs({
  options: {
    address: { type: "string" },
    only: { type: "string", default: "" },
    output: {
      type: "string",
      default: fileURLToPath(new URL("../../docs/pictures/", import.meta.url)),
    },
  },
});
if (!values.address) {
  console.error("Usage: bench/web/pictures --address http://127.0.0.1:5000 [--only <text>] [--output <folder>]");
  process.exit(2);
}

const server = new Server(values.address);
const block = (json) => `\`\`\`runstone\n${JSON.stringify(json, undefined, 2)}\n\`\`\``;

/** What the sweep is looked at with: which params matter, and how they go together. */
async function sweepView(id) {
  const name = "What matters";
  const views = await server.call("GET", `/experiments/${id}/views`);
  const known = views.find((one) => one.name === name);
  if (known) return known.id;
  const panel = (settings, width) => ({
    section: "u:params",
    width,
    height: 320,
    settings,
  });
  const panels = {
    "p:parallel": panel(
      {
        kind: "parallel",
        fields: ["params.learning_rate", "params.dropout", "params.layers", "params.width", "metrics.val/loss"],
        colour: "metrics.val/loss",
      },
      12,
    ),
    "p:importance": panel({ kind: "importance", value: "metrics.val/loss" }, 2),
    "p:heat": panel(
      {
        kind: "heat",
        x: "params.learning_rate",
        y: "params.dropout",
        value: "metrics.val/loss",
        xLog: true,
      },
      1,
    ),
    "p:violin": panel(
      {
        kind: "box",
        value: "metrics.val/accuracy",
        by: "params.optimizer",
        violin: true,
      },
      1,
    ),
  };
  const settings = {
    version: 1,
    search: { show: "charts" },
    panels: {
      panels,
      sections: { "u:params": { name: "Params", order: Object.keys(panels) } },
      order: ["u:params"],
    },
  };
  return (await server.call("POST", `/experiments/${id}/views`, { name, settings })).id;
}

async function sweepReport(id) {
  const title = "What decides the loss of the sweep";
  const { reports } = await server.call("GET", "/reports?limit=200");
  const known = reports.find((one) => one.newest.title === title);
  if (known) return known.id;
  const best = {
    experiment: id,
    filter: 'status = "finished"',
    orderBy: ["metrics.`val/loss`"],
  };
  const body = [
    "Ten thousand trials with random params. The **learning rate** decides most of it, the optimizer some; the others hardly matter.",
    block({
      kind: "chart",
      keys: ["val/loss"],
      experiment: id,
      groupBy: ["params.optimizer"],
    }),
    "## The best trials",
    block({
      kind: "table",
      ...best,
      columns: [
        "metrics.val/loss",
        "metrics.val/accuracy",
        "params.learning_rate",
        "params.layers",
        "params.optimizer",
      ],
      limit: 6,
    }),
  ].join("\n\n");
  return (await server.call("POST", "/reports", { title, body })).id;
}

const runs = async (id, limit) =>
  (
    await server.call("POST", "/runs/search", {
      experimentIds: [id],
      filter: "parent_id is not null",
      limit,
    })
  ).runs.map(({ info }) => info.id);

const sweep = await server.experiment("sweep");
const penguins = await server.experiment("palmer-penguins");
const many = await server.experiment("many-runs");
const trained = await runs(penguins, 3);
const painted = (
  await server.call("POST", "/runs/search", {
    experimentIds: [await server.experiment("media")],
    limit: 1,
  })
).runs[0].info.id;

const wide = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
/** Name, address, and how it is looked at. */
const pictures = [
  ["experiment", `/experiments/${penguins}?sel=${trained.join()}`, {}],
  ["experiment-dark", `/experiments/${sweep}?group=params.optimizer&sel=all`, { dark: true }],
  ["table", `/experiments/${many}?show=table&sort=-metrics.val/metric_01`, {}],
  ["groups", `/experiments/${sweep}?show=table&group=params.layers,params.optimizer`, {}],
  ["panels", `/experiments/${sweep}?show=charts&sel=all&view=${await sweepView(sweep)}`, {}],
  ["run", `/runs/${trained[0]}?tab=charts`, { dark: true }],
  ["media", `/runs/${painted}?tab=media`, { dark: true }],
  ["console", `/runs/long-console-00000?tab=console`, {}],
  ["compare", `/compare?runs=${trained.join()}&tab=table`, {}],
  ["report", `/reports/${await sweepReport(sweep)}`, {}],
  ["phone", `/experiments/${sweep}?show=charts`, { size: phone }],
];

await mkdir(values.output, { recursive: true });
const browser = await launch();
for (const [name, path, { size = wide, dark = false }] of pictures.filter(([one]) => one.includes(values.only))) {
  const context = await browser.newContext({
    viewport: size,
    colorScheme: dark ? "dark" : "light",
  });
  const page = await context.newPage();
  let open = 0;
  let changed = Date.now();
  page.on("request", (request) => !request.url().includes("/live") && (open++, (changed = Date.now())));
  for (const end of ["requestfinished", "requestfailed"])
    page.on(end, (request) => !request.url().includes("/live") && (open--, (changed = Date.now())));
  await page.goto(values.address + path);
  // Nothing under way for a while, and nothing that still fades in or stands for what is to come.
  for (const end = Date.now() + 60_000; Date.now() < end && (open > 0 || Date.now() - changed < 1500); )
    await page.waitForTimeout(100);
  await page.screenshot({
    path: join(values.output, `${name}.png`),
    animations: "disabled",
  });
  await context.close();
  console.log(name);
}
await browser.close();
