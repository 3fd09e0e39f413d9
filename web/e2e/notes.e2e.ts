import { afterAll, beforeAll, expect, test } from "vitest";
import { open } from "./browser";
import { type Penguins, startPenguins } from "./penguins";
import { picture, pictures } from "./pictures";

let world: Penguins;

beforeAll(async () => {
  world = await startPenguins();
});

afterAll(() => world?.stop());

test("an experiment has notes and comments, beside the table and there for whoever comes next", async () => {
  const { page, errors, close } = await open(world.browser, `${world.experimentUrl}?show=table`);
  await page.getByRole("button", { name: "Notes and comments" }).click();
  const drawer = page.getByRole("dialog", { name: "Notes and comments" });
  await drawer.getByText("What is the question").waitFor();
  await picture(page, "notes-empty");
  await drawer.getByRole("button", { name: "Write" }).click();
  await drawer.getByLabel("Notes in Markdown").fill("Which **depth** is enough?\n\n- baseline: `linear`");
  await drawer.getByRole("button", { name: "Save" }).click();
  await drawer.locator("strong", { hasText: "depth" }).waitFor();

  await page.reload();
  await drawer.locator("strong", { hasText: "depth" }).waitFor();
  await drawer.getByLabel("Comment in Markdown").fill("Three levels are.");
  await drawer.getByRole("button", { name: "Comment", exact: true }).click();
  await drawer.getByText("Three levels are.").waitFor();
  await page.getByRole("button", { name: "Notes and comments 1" }).waitFor();
  await drawer.getByRole("button", { name: "Actions for this comment" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await drawer.getByLabel("Change the comment").fill("Four levels are.");
  await drawer.getByRole("button", { name: "Save" }).click();
  await drawer.getByText("edited").waitFor();
  await picture(page, "notes");
  await drawer.getByRole("button", { name: "Actions for this comment" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await drawer.getByText("deleted a comment").waitFor();

  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });
  expect(new URL(page.url()).searchParams.get("notes")).toBeNull();
  expect(errors).toEqual([]);
  await close();
});

test("what somebody else writes appears without a reload", async () => {
  const { page, errors, close } = await open(world.browser, `${world.experimentUrl}?show=table&notes=1`);
  const drawer = page.getByRole("dialog", { name: "Notes and comments" });
  await drawer.getByLabel("Comment in Markdown").waitFor();
  await page.locator('[data-row="0"]').waitFor();
  await world.server.post("/comments", { kind: "experiment", id: world.experimentId, text: "Seen from elsewhere." });
  await drawer.getByText("Seen from elsewhere.").waitFor();
  await world.server.patch(`/experiments/${world.experimentId}`, { notes: "Written elsewhere." });
  await drawer.getByText("Written elsewhere.").waitFor();
  expect(errors).toEqual([]);
  await close();
});

test("notes are legible on a phone and in the dark", async () => {
  await pictures(world.browser, {
    name: "notes",
    url: `${world.experimentUrl}?show=table&notes=1`,
    ready: (page) => page.getByRole("dialog").getByText("Notes", { exact: true }).waitFor(),
  });
});
