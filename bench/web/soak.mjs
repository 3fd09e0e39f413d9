// An hour of live updates: does a tab that stays open keep its size? Ends by itself.
//   bench/web/soak --address http://127.0.0.1:5000 [--minutes 60] [--output <file>]
import { appendFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { launch, memoryOf, openTab } from "./browser.mjs";
import { Server } from "./server.mjs";

const { values } = parseArgs({
  options: {
    address: { type: "string" },
    minutes: { type: "string", default: "60" },
    output: { type: "string" },
  },
});
const minutes = Number(values.minutes);
if (!values.address || !(minutes >= 2 && minutes <= 480)) {
  console.error("Usage: bench/web/soak --address http://127.0.0.1:5000 [--minutes 2..480] [--output <file>]");
  process.exit(2);
}

const liveRuns = 12;
const keys = ["train/loss", "val/loss", "val/accuracy", "grad/norm", "lr", "throughput"];
const server = new Server(values.address);
const experiment = (await server.call("POST", "/experiments", { name: `soak-${Date.now()}` })).id;
const until = Date.now() + minutes * 60_000;

/** One run after the other, each of three minutes, logging a point of each key every quarter of a second. */
async function trainer(number) {
  while (Date.now() < until) {
    const run = await server.call("POST", "/runs", {
      experimentId: experiment,
      name: `live-${number}`,
    });
    const end = Math.min(until, Date.now() + 180_000 + number * 5000);
    for (let step = 0; Date.now() < end; step++) {
      const value = keys.map((_, at) => Math.exp(-step / 200) + Math.random() * 0.1 + at);
      await server.call("POST", `/runs/${run.id}/log`, {
        metrics: {
          keys,
          key: keys.map((_, at) => at),
          step: keys.map(() => step),
          value,
        },
      });
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    await server.call("PATCH", `/runs/${run.id}`, { status: "finished" });
  }
}

const training = Promise.all(Array.from({ length: liveRuns }, (_, number) => trainer(number)));
const browser = await launch();
const { page, session } = await openTab(browser);
await page.goto(`${server.address}/experiments/${experiment}`);
await page.getByText("live-0").first().waitFor();

const samples = [];
while (Date.now() < until) {
  await new Promise((resolve) => setTimeout(resolve, 60_000));
  samples.push(await memoryOf(session));
  const { heap, nodes } = samples.at(-1);
  console.log(`minute ${samples.length}: ${(heap / 1e6).toFixed(1)} MB, ${nodes} nodes`);
}
await training;
await browser.close();

const mean = (list) => list.reduce((sum, one) => sum + one, 0) / list.length;
const part = Math.max(1, Math.floor(samples.length / 6));
// The first minutes fill caches that have bounds; what comes after them is compared.
const early = samples.slice(part, 2 * part);
const late = samples.slice(-part);
const line = (name, of, format) =>
  `| ${name} | ${format(mean(early.map(of)))} | ${format(mean(late.map(of)))} | ${format(Math.max(...samples.map(of)))} |`;
const report = `
## ${minutes} minutes of live updates

${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC; ${liveRuns} runs that log ${keys.length} keys four times a second, a new one every three minutes in each place; the experiment's page open all the time; after
garbage collection, every minute. Means of minutes ${part + 1} to ${2 * part} and of the last ${part}.

| | early | late | most |
|---|---|---|---|
${line(
  "script heap",
  (one) => one.heap,
  (bytes) => `${(bytes / 1e6).toFixed(1)} MB`,
)}
${line(
  "nodes of the document",
  (one) => one.nodes,
  (count) => count.toFixed(0),
)}
`;
console.log(report);
if (values.output) await appendFile(values.output, report);
