// The speed table of the page, in a browser, against a server that bench/seed has filled.
//   bench/web/run --address http://127.0.0.1:5000 [--only <text>] [--output <file>]
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { launch } from "./browser.mjs";
import { lines } from "./lines.mjs";
import { Server } from "./server.mjs";

const { values } = parseArgs({
  options: {
    address: { type: "string" },
    only: { type: "string", default: "" },
    output: { type: "string" },
  },
});
if (!values.address) {
  console.error("Usage: bench/web/run --address http://127.0.0.1:5000 [--only <text>] [--output <file>]");
  process.exit(2);
}

const limitOf = ({ below, above, unit }) => (above === undefined ? `below ${below} ${unit}` : `above ${above} ${unit}`);
const isMet = ({ below, above }, value) => (above === undefined ? value < below : value > above);

const load = readFileSync("/proc/loadavg", "utf8").split(" ")[0];
const server = new Server(values.address);
const browser = await launch();
const rows = [];
for (const line of lines.filter((one) => one.name.includes(values.only))) {
  let row;
  try {
    const { value, text } = await line.run({ browser, server });
    row = `| ${line.name} | ${text} | ${limitOf(line)} | ${isMet(line, value) ? "met" : "**missed**"} |`;
  } catch (cause) {
    row = `| ${line.name} | not measured: ${String(cause).split("\n")[0]} | ${limitOf(line)} | |`;
  }
  rows.push(row);
  console.log(row);
}
await browser.close();

const report = `# The page in a browser

${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC; Chromium ${browser.version()} without a graphics card, the server and its store (SQLite) on the same 2 cores, ${load} processes ready to run at the start. Workspaces of bench/seed.

| line | measured | limit | |
|---|---|---|---|
${rows.join("\n")}
`;
if (values.output) await writeFile(values.output, report);
