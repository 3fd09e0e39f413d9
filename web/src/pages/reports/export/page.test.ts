import { expect, test } from "vitest";
import { pageOf, styleText } from "./page";

const parts = { title: "a", body: "<p>text</p>", style: "", theme: "dark", origin: "here" };

test("an exported report loads nothing and runs nothing", () => {
  const html = pageOf(parts);
  expect(html).toContain(`content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"`);
  expect(html).toContain('data-theme="dark"');
  expect(html).not.toMatch(/<script|<link|https?:/);
});

test("a title is text, whatever it holds", () => {
  const html = pageOf({ ...parts, title: "</title><script>alert(1)</script>", origin: '"><b>' });
  expect(html).not.toContain("<script>");
  expect(html).not.toContain('"><b>');
});

test("styles cannot end their element, and fonts stay behind", () => {
  const sheets = [
    { cssRules: [{ cssText: "@font-face { src: url(x.woff2) }" }, { cssText: `.a::after { content: "</style>" }` }] },
  ];
  expect(styleText(sheets)).toBe(`.a::after { content: "</style>" }`);
  expect(pageOf({ ...parts, style: styleText(sheets) }).match(/<\/style>/g)).toHaveLength(1);
});
