import { deflateRawSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, open } from "./browser";
import { picture } from "./pictures";
import { TestServer } from "./server";

let server: TestServer;
let browser: Browser;
let run = "";

beforeAll(async () => {
  [server, browser] = await Promise.all([TestServer.start(), launch()]);
  run = (await server.post<{ id: string }>("/runs", { experiment: "files", name: "every kind" })).id;
  for (const [path, content] of Object.entries(files)) await server.upload(run, path, content);
  await server.upload(run, "runs.parquet", await exported());
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const at = (path: string) => `${server.address}/runs/${run}?tab=artifacts&file=${path}`;

/** A NumPy array of half a period of a sine, as `numpy.save` writes it. */
function array(): Uint8Array {
  const head = "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 6), }".padEnd(117);
  const bytes = new Uint8Array(128 + 96);
  bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, 118, 0, ...new TextEncoder().encode(`${head}\n`)]);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < 24; index++) view.setFloat32(128 + index * 4, Math.sin(index / 8), true);
  return bytes;
}

/** A Parquet file of the runs of an experiment, as the server exports it. */
async function exported(): Promise<Uint8Array> {
  for (let index = 0; index < 12; index++) {
    const { id } = await server.post<{ id: string }>("/runs", { experiment: "exported", name: `exported ${index}` });
    const metrics = { keys: ["loss"], key: [0], step: [0], value: [1 / (index + 3)] };
    await server.post(`/runs/${id}/log`, { params: { depth: String(index) }, metrics });
  }
  const response = await fetch(`${server.address}/api/v1/runs/export?format=parquet`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      filter: "name like 'exported %'",
      orderBy: ["name"],
      columns: ["name", "start_time", "metrics.loss", "params.depth"],
    }),
  });
  if (!response.ok) throw new Error(await response.text());
  return new Uint8Array(await response.arrayBuffer());
}

/** A zip file, as `numpy.savez` (stored) and `numpy.savez_compressed` (deflated) write it; nobody looks at its checksums. */
function zip(members: Record<string, { content: Uint8Array; deflated: boolean }>): Uint8Array {
  const [files, directory]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const [name, { content, deflated }] of Object.entries(members)) {
    const packed = deflated ? deflateRawSync(content) : Buffer.from(content);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(deflated ? 8 : 0, 4);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(content.length, 18);
    facts.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    files.push(Buffer.concat([Buffer.from("PK\u0003\u0004"), facts, Buffer.from(name), packed]));
    directory.push(
      Buffer.concat([Buffer.from("PK\u0001\u0002"), Buffer.from([20, 0]), facts, place, Buffer.from(name)]),
    );
    at += files.at(-1)?.length ?? 0;
  }
  const size = directory.reduce((sum, one) => sum + one.length, 0);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006");
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, ...directory, end]);
}

const notebook = {
  cells: [
    { cell_type: "markdown", source: ["# Results\n", "*so far*"] },
    {
      cell_type: "code",
      execution_count: 7,
      source: "import numpy as np",
      outputs: [
        { output_type: "stream", name: "stdout", text: "plain \u001b[31mred\u001b[0m" },
        { output_type: "display_data", data: { "text/html": "<table><tr><td>a cell</td></tr></table>" } },
      ],
    },
  ],
  metadata: { kernelspec: { language: "python" } },
};

const page = `<!doctype html><h1>Report</h1><p id="said">waits</p><script>
const said = document.getElementById("said");
said.textContent = "runs";
try { said.textContent += parent.document.title } catch { said.textContent += ", page closed" }
fetch("/api/v1/server").then(() => { said.textContent += ", leak" }, () => { said.textContent += ", network closed" });
</script>`;

const files: Record<string, string | Uint8Array> = {
  "train.py": 'def f(x):\n    """says <b>more</b>"""\n    return x + 1  # done\n',
  "notebook.ipynb": JSON.stringify(notebook),
  "report.html": page,
  "figure.json": JSON.stringify({
    data: [{ type: "scatter", x: [1, 2], y: [3, 4] }],
    layout: { title: { text: "Drawn" } },
  }),
  "array.npy": array(),
  "long.csv": `id,text\n${Array.from({ length: 60_000 }, (_, row) => `${row},text of ${row}`).join("\n")}`,
  "large.csv": `id,text\n0,x\n1\n${"2,xxxxxxxxxxxxxxxxxxxxxxxxxxxx\n".repeat(600_000)}`,
  "table.json": '[{"id":9007199254740993,"name":"first"},{"id":2,"name":null}]',
  "arrays.npz": zip({
    "weights.npy": { content: array(), deflated: true },
    "again.npy": { content: array(), deflated: false },
    "notes.txt": { content: new TextEncoder().encode("text"), deflated: false },
  }),
  "broken.npz": "no archive at all",
  "broken.parquet": "no Parquet at all",
  "broken.npy": "no array at all",
  "rows.jsonl": Array.from({ length: 50 }, (_, row) => JSON.stringify({ id: row, text: `row ${row}` })).join("\n"),
  "change.diff": "diff --git a/x b/x\n@@ -1 +1 @@\n-was\n+is\n",
  "broken.json": "{",
};

test("code has colours and keeps its letters", async () => {
  const { page, errors, close } = await open(browser, at("train.py"));
  await page.locator(".hljs-keyword", { hasText: "def" }).waitFor();
  await page.getByText("says <b>more</b>").waitFor();
  await picture(page, "preview-code");
  expect(errors).toEqual([]);
  await close();
});

test("a notebook shows its cells and what they gave", async () => {
  const { page, errors, close } = await open(browser, at("notebook.ipynb"));
  await page.getByRole("heading", { name: "Results" }).waitFor();
  await page.getByText("red", { exact: true }).waitFor();
  await page.frameLocator("iframe").getByText("a cell").waitFor();
  await picture(page, "preview-notebook");
  expect(errors).toEqual([]);
  await close();
});

test("a logged page is shut off, and its scripts wait for the reader", async () => {
  const { page, close } = await open(browser, at("report.html"));
  const said = page.frameLocator("iframe").locator("#said");
  await expect.poll(() => said.textContent()).toBe("waits");
  await page.getByRole("button", { name: "Run its scripts" }).click();
  await expect.poll(() => said.textContent()).toBe("runs, page closed, network closed");
  await close();
});

test("a logged page that is opened by its own address cannot act as the server's page", async () => {
  const { page, close } = await open(browser, `${server.address}/api/v1/runs/${run}/artifacts/report.html`);
  expect(await page.locator("#said").textContent()).toBe("waits");
  for (const address of ["/frame.html", "//frame.html"]) {
    await page.goto(server.address + address);
    const reached = page.evaluate(() => fetch("/api/v1/server").then(String, () => "closed"));
    expect([address, await page.evaluate(() => origin), await reached]).toEqual([address, "null", "closed"]);
  }
  await close();
});

test("a figure is drawn in a frame of its own", async () => {
  const { page, errors, close } = await open(browser, at("figure.json"));
  await page.frameLocator("iframe").locator(".gtitle", { hasText: "Drawn" }).waitFor();
  await picture(page, "preview-figure");
  expect(errors).toEqual([]);
  await close();
});

test("an array is a picture and numbers; bytes that are none are said so", async () => {
  const { page, errors, close } = await open(browser, at("array.npy"));
  await page.getByRole("img", { name: "The array as a picture of 4 by 6" }).waitFor();
  await page.getByText("(4, 6)").waitFor();
  await page.getByRole("grid", { name: "Rows of the file" }).getByTitle("0.12467473", { exact: true }).waitFor();
  await picture(page, "preview-array");
  expect(errors).toEqual([]);
  await page.getByRole("button", { name: /broken\.npy/ }).click();
  await page.getByRole("alert").getByText("it does not begin as a .npy file does").waitFor();
  await close();
});

test("rows are read as they come near, and a cell is read and copied exactly", async () => {
  const { page, errors, close } = await open(browser, at("long.csv"), {
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const table = page.getByRole("grid", { name: "Rows of the file" });
  await table.getByText("number", { exact: true }).first().waitFor();
  await page.getByText("60,000 rows, 2 columns").waitFor();
  await table.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
  await table.getByText("text of 59999", { exact: true }).waitFor();
  expect(await page.locator("[data-row]").count()).toBeLessThan(100);
  await table.getByText("text of 59990", { exact: true }).click();
  await page.getByText("59,991 · text").waitFor();
  await picture(page, "preview-rows");
  await page.getByRole("button", { name: "Copy the value" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("text of 59990");
  await table.locator('[data-row="59980"]').focus();
  await page.keyboard.press("Control+c");
  await page.getByText("Copied row 59,981").waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("59980\ttext of 59980");
  expect(errors).toEqual([]);
  await close();
});

test("rows whose number nobody counted, remarks, and JSON that is a table", async () => {
  const { page, errors, close } = await open(browser, at("large.csv"));
  const table = page.getByRole("grid", { name: "Rows of the file" });
  await page.getByText("200+ rows, 2 columns").waitFor();
  await page.getByText("Line 3 has 1 values, the first line 2.").waitFor();
  await table.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
  await page.getByText(/^[4-9]00\+ rows, 2 columns/).waitFor();
  await page.getByRole("button", { name: /table\.json/ }).click();
  await table.getByText("9007199254740993", { exact: true }).waitFor();
  await page.getByText("2 rows, 2 columns").waitFor();
  expect(errors).toEqual([]);
  await close();
});

test("a Parquet file is a table with types; what is none says so", async () => {
  const { page, errors, close } = await open(browser, at("runs.parquet"));
  const table = page.getByRole("grid", { name: "Rows of the file" });
  await table.getByText("exported 11", { exact: true }).waitFor();
  await page.getByText("12 rows, 5 columns").waitFor();
  await table.getByRole("columnheader", { name: "metrics.loss number" }).waitFor();
  await table.getByTitle(String(1 / 3), { exact: true }).waitFor();
  await picture(page, "preview-parquet");
  await page.getByRole("button", { name: /broken\.parquet/ }).click();
  await page.getByRole("alert").getByText("The file does not end as Parquet does").waitFor();
  expect(errors).toEqual([]);
  await close();
});

test("an archive of arrays lists them, and shows the rows of the chosen one", async () => {
  const { page, errors, close } = await open(browser, at("arrays.npz"));
  const list = page.getByRole("list", { name: "Arrays of the file" });
  await list.getByRole("button", { name: /weights\.npy <f4 \(4, 6\)/ }).waitFor();
  expect(await list.getByRole("button", { name: /notes\.txt/ }).isDisabled()).toBe(true);
  const table = page.getByRole("grid", { name: "Rows of the file" });
  await table.getByTitle("0.12467473", { exact: true }).waitFor();
  await list.getByRole("button", { name: /again\.npy/ }).click();
  await table.getByTitle("0.12467473", { exact: true }).waitFor();
  await page.getByText("4 rows, 6 columns").waitFor();
  await picture(page, "preview-arrays");
  expect(errors).toEqual([]);
  await page.getByRole("button", { name: /broken\.npz/ }).click();
  await page.getByRole("alert").getByText("it does not end as a zip file does").waitFor();
  await close();
});

test("rows, differences and text that does not parse", async () => {
  const { page, errors, close } = await open(browser, at("rows.jsonl"));
  await page.getByRole("grid", { name: "Rows of the file" }).getByText("row 3", { exact: true }).waitFor();
  await page.getByText("50 rows, 2 columns").waitFor();
  await page.getByRole("button", { name: /change\.diff/ }).click();
  await page.getByRole("region", { name: "Changes of x" }).getByText("was").waitFor();
  await page.getByRole("button", { name: "Text", exact: true }).click();
  await page.getByText("@@ -1 +1 @@").waitFor();
  await page.getByRole("button", { name: /broken\.json/ }).click();
  await page.getByText("Not valid JSON").waitFor();
  expect(errors).toEqual([]);
  await close();
});
