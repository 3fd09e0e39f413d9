import { describe, expect, test } from "vitest";
import { parseTable, previewKind, tableWidths } from "./kinds";

test.each([
  ["plots/a.PNG", "image"],
  ["README.md", "markdown"],
  ["model/MLmodel", "text"],
  ["x.tsv", "table"],
  ["model.onnx", "none"],
  [".hidden", "none"],
])("%s is shown as %s", (path, kind) => expect(previewKind(path)).toBe(kind));

describe("separated values", () => {
  test("quotes, separators and line ends inside fields", () =>
    expect(parseTable('a,b\r\n"x, ""y""","line 1\nline 2"\n', ",")).toEqual([
      ["a", "b"],
      ['x, "y"', "line 1\nline 2"],
    ]));
  test("tabs, a byte order mark, empty lines and a missing last line end", () =>
    expect(parseTable("\ufeffa\tb\n\n1\t", "\t")).toEqual([
      ["a", "b"],
      ["1", ""],
    ]));
  test("a quote that never ends loses nothing", () => expect(parseTable('a\n"b', ",")).toEqual([["a"], ["b"]]));
  test("nothing", () => expect(parseTable("", ",")).toEqual([]));
});

test("widths follow the longest field within limits", () => {
  const [short, long] = tableWidths([["a", "b".repeat(500)]]);
  expect(short).toBe(72);
  expect(long).toBe(320);
});
