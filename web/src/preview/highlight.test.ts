import { expect, test } from "vitest";
import { highlight, splitLines } from "./highlight";

const textOf = (html: string) =>
  html
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#x27;", "'")
    .replaceAll("&amp;", "&");

test("a span over several lines is closed and opened again", () =>
  expect(splitLines('<span class="a">x\n<span class="b">y\nz</span></span>\nw')).toEqual([
    '<span class="a">x</span>',
    '<span class="a"><span class="b">y</span></span>',
    '<span class="a"><span class="b">z</span></span>',
    "w",
  ]));

test("code keeps every letter, and its markup is harmless", async () => {
  const code = '"""<script>alert(1)</script>\nmore"""\ndef f(x):\r\n    return x & 1 < 2  # \'so\'';
  const lines = (await highlight(code, "python")) ?? [];
  expect(lines.map(textOf)).toEqual(code.split(/\r?\n/));
  expect(lines.join("")).not.toContain("<script");
  expect(lines[2]).toContain("hljs-keyword");
});

test("a language that is not known is not guessed", async () =>
  expect(await highlight("x", "klingon")).toBeUndefined());
