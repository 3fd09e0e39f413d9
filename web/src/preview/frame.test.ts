import { expect, test } from "vitest";
import { framedPage, inScript } from "./frame";

test("the policy stands before everything of the page", () => {
  const page = framedPage("<!doctype html><html><script>1</script>");
  expect(page.indexOf("Content-Security-Policy")).toBeLessThan(page.indexOf("<script>"));
  expect(page).toContain("default-src 'none'; script-src 'none'");
});

test("values cannot leave their script", () => {
  const value = { text: "</script><!--\u2028" };
  const text = inScript(value);
  expect(text).not.toMatch(/<|\u2028/);
  expect(JSON.parse(text)).toEqual(value);
});
