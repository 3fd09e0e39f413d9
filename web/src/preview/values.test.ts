import { describe, expect, test } from "vitest";
import { parseJsonLines, parseTable, tableWidths } from "./values";

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

describe("lines of JSON", () => {
  test("are rows under the names of their members", () =>
    expect(parseJsonLines('{"a":1,"b":{"c":2}}\n\n{"b":null,"d":"x"}\n')).toEqual([
      ["a", "b", "d"],
      ["1", '{"c":2}', ""],
      ["", "", "x"],
    ]));
  test("other values and broken lines are kept", () =>
    expect(parseJsonLines('[1,2]\n{"a":')).toEqual([
      ["value", "line"],
      ["[1,2]", ""],
      ["", '{"a":'],
    ]));
  test("nothing", () => expect(parseJsonLines("\n")).toEqual([]));
});
