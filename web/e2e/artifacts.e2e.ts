import { afterAll, beforeAll, expect, test } from "vitest";
import { open } from "./browser";
import { type Penguins, startPenguins } from "./penguins";
import { picture } from "./pictures";

let world: Penguins;

beforeAll(async () => {
  world = await startPenguins();
});

afterAll(() => world?.stop());

test("files are previewed by kind, a long log only in part", async () => {
  const { page, errors, close } = await open(
    world.browser,
    `${world.server.address}/runs/${world.runOf(0).id}?tab=artifacts`,
  );
  await page.getByRole("button", { name: /metrics\.csv/ }).click();
  await page.getByRole("grid", { name: "Rows of the file" }).getByText("row 0, quoted").waitFor();
  await page.getByText("2,500 rows, 3 columns").waitFor();
  expect(await page.locator("[data-row]").count()).toBeLessThan(100);
  await picture(page, "artifact-table");
  await page.getByRole("button", { name: /config\.json/ }).click();
  await page.getByText('"forest"').waitFor();
  await page.getByRole("button", { name: /README\.md/ }).click();
  await page.getByRole("heading", { name: "Card", exact: true }).waitFor();
  expect(await page.evaluate(() => "hacked" in window)).toBe(false);
  await page.getByRole("button", { name: /logs/ }).click();
  await page.getByRole("button", { name: /train\.log/ }).click();
  await page.getByText(/The first 1\.0 MiB of/).waitFor();
  await page.getByText("epoch 3 loss").waitFor();
  expect(await page.getByRole("region", { name: "Text of the file" }).locator("span").count()).toBeLessThan(300);
  await page.getByRole("button", { name: /plots/ }).click();
  await page.getByRole("button", { name: /confusion\.svg/ }).click();
  await page.waitForFunction(
    () => (document.querySelector<HTMLImageElement>('img[alt="plots/confusion.svg"]')?.naturalWidth ?? 0) > 0,
  );
  await picture(page, "artifact-image");
  await page.getByRole("button", { name: /^model / }).click();
  await page.getByRole("button", { name: /model\.bin/ }).click();
  await page.getByText("This kind of file has no preview").waitFor();
  expect(errors).toEqual([]);
  await close();
});

test("an image whose content is away says so and comes by itself", async () => {
  const { page, close } = await open(world.browser, world.server.address);
  const away = { status: 503, json: { status: 503, code: "unavailable", detail: "The object store is away." } };
  const content = /\/artifacts\/.*confusion\.svg/;
  await page.route(content, (route) => route.fulfill(away));
  await page.goto(`${world.server.address}/runs/${world.runOf(0).id}?tab=artifacts&file=plots/confusion.svg`);
  await page.getByRole("alert").getByText("The object store is away.").waitFor();
  await page.unroute(content);
  await page.waitForFunction(
    () => (document.querySelector<HTMLImageElement>('img[alt="plots/confusion.svg"]')?.naturalWidth ?? 0) > 0,
  );
  await close();
});
