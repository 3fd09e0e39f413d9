import { afterAll, beforeAll, expect, test } from "vitest";
import { open } from "./browser";
import { type Penguins, startPenguins } from "./penguins";
import { picture } from "./pictures";

const commit = "4f5e6d7c8b9a0f1e2d3c4b5a69788796a5b4c3d2";
let world: Penguins;

beforeAll(async () => {
  world = await startPenguins();
});

afterAll(() => world?.stop());

test("a run shows what it is, its name and notes can be changed", async () => {
  const run = world.runOf(0);
  const { page, errors, close } = await open(world.browser, `${world.server.address}/runs/${run.id}`);
  await page.getByRole("heading", { name: run.name }).waitFor();
  await page.getByText("deeper trees overfit").waitFor();
  await picture(page, "run");
  await page.getByRole("button", { name: "Edit the name" }).click();
  await page.getByLabel("Name of the run").fill("baseline");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "baseline" }).waitFor();
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await page.getByLabel("Notes in Markdown").fill("Now **bold** words");
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator("strong", { hasText: "bold" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "baseline" }).waitFor();
  expect(errors).toEqual([]);
  await close();
});

test("tags are added, changed and removed, and a removed one comes back", async () => {
  const { page, errors, close } = await open(world.browser, `${world.server.address}/runs/${world.runOf(3).id}`);
  await page.getByRole("button", { name: "Add a tag" }).click();
  await page.getByLabel("Key of the tag").fill("reviewed");
  await page.getByLabel("Value of the tag").fill("by mei");
  await page.keyboard.press("Enter");
  await page.getByText("by mei").waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("by mei").hover();
  await page.getByRole("button", { name: "Change reviewed" }).click();
  await page.getByLabel("Value of reviewed").fill("twice");
  await page.keyboard.press("Enter");
  await page.getByText("twice").hover();
  await page.getByRole("button", { name: "Remove reviewed" }).click();
  await page.getByText("twice").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("twice").waitFor();
  expect(errors).toEqual([]);
  await close();
});

test("people talk about a run, and star it", async () => {
  const { page, errors, close } = await open(world.browser, `${world.server.address}/runs/${world.runOf(4).id}`);
  await page.getByLabel("Comment in Markdown").fill("Why **this** depth?");
  await page.getByRole("button", { name: "Comment", exact: true }).click();
  await page.locator("strong", { hasText: "this" }).waitFor();
  expect(await page.getByLabel("Comment in Markdown").inputValue()).toBe("");
  await page.getByRole("button", { name: "Actions for this comment" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await page.getByLabel("Change the comment").fill("Why so deep?");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("edited").waitFor();
  await picture(page, "run-comments");
  await page.getByRole("button", { name: "Actions for this comment" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByText("deleted a comment").waitFor();
  await page.getByRole("button", { name: /^Star / }).click();
  await page.getByRole("button", { name: /^Take the star from / }).waitFor();
  await page.reload();
  await page.getByRole("button", { name: /^Take the star from / }).waitFor();
  expect(errors).toEqual([]);
  await close();
});

test("the code of a run, its difference, and how to bring it back", async () => {
  const run = world.runOf(0);
  await world.server.upload(
    run.id,
    "runstone/git.diff",
    "diff --git a/train.py b/train.py\n--- a/train.py\n+++ b/train.py\n@@ -1,2 +1,2 @@\n import sys\n-old = 1\n+new = 2\n",
  );
  const { page, errors, close } = await open(world.browser, `${world.server.address}/runs/${run.id}`);
  await page.getByText("How to reproduce").click();
  await page.getByText(`git checkout ${commit}`).waitFor();
  await page.getByText("| git apply").waitFor();
  await page.getByRole("button", { name: "Show the difference" }).click();
  await page.getByRole("dialog").getByText("new = 2").waitFor();
  await picture(page, "run-difference");
  expect(errors).toEqual([]);
  await close();
});

test("where a run came from and what it led to is a graph", async () => {
  const { page, errors, close } = await open(
    world.browser,
    `${world.server.address}/runs/${world.runOf(0).id}?tab=lineage`,
  );
  const graph = page.getByRole("region", { name: "Lineage" });
  await graph.getByText("penguins", { exact: true }).waitFor();
  await picture(page, "run-lineage");
  await graph.getByRole("link", { name: world.runOf(1).name }).click();
  await page.getByRole("heading", { name: world.runOf(1).name }).waitFor();
  expect(new URL(page.url()).searchParams.get("tab")).toBe("lineage");
  expect(errors).toEqual([]);
  await close();
});

test("12,000 params are searched and shown in steps", async () => {
  const { server } = world;
  const { id } = await server.post<{ id: string }>("/runs", { experiment: "wide", name: "wide" });
  for (let part = 0; part < 6; part++) {
    const params = Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`p${part * 2000 + at}`, `${at}`]));
    await server.post(`/runs/${id}/log`, { params });
  }
  const { page, errors, close } = await open(world.browser, `${server.address}/runs/${id}`);
  await page.getByText("12,000", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Show 500 more" }).click();
  await page.getByText("11,000 left").waitFor();
  await page.getByLabel("Search params").fill("p11999");
  await page.getByTitle("p11999", { exact: true }).waitFor();
  expect(errors).toEqual([]);
  await close();
});

test("what cannot be read now says so at once and comes by itself", async () => {
  const run = world.runOf(2);
  const { page, close } = await open(world.browser, world.server.address);
  const away = { status: 503, json: { status: 503, code: "unavailable", detail: "PostgreSQL cannot be reached." } };
  await page.route(`**/api/v1/runs/${run.id}`, (route) => route.fulfill(away));
  await page.goto(`${world.server.address}/runs/${run.id}`);
  const alert = page.getByRole("alert");
  await alert.getByText("PostgreSQL cannot be reached.").waitFor();
  await alert.getByText("This page keeps trying.").waitFor();
  await page.unroute(`**/api/v1/runs/${run.id}`);
  await page.getByRole("heading", { name: run.name }).waitFor();
  await close();
});
