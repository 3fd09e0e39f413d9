import { describe, expect, test } from "vitest";
import { colourOf, parseAnsi } from "./ansi";

const esc = "\u001b";
const textOf = (line: string) => parseAnsi(line).pieces.map((piece) => piece.text);

describe("escape sequences", () => {
  test("colour and weight begin and end", () => {
    const { pieces, look } = parseAnsi(`a${esc}[1;31mred${esc}[0m b`);
    expect(pieces).toEqual([
      { text: "a", look: {} },
      { text: "red", look: { bold: true, colour: 1 } },
      { text: " b", look: {} },
    ]);
    expect(look).toEqual({});
  });

  test("a look goes on in the next line", () => {
    const first = parseAnsi(`${esc}[32mgreen`);
    expect(parseAnsi("still", first.look).pieces).toEqual([{ text: "still", look: { colour: 2 } }]);
  });

  test.each([
    ["38;5;208", 208],
    ["38;2;1;2;300", "rgb(1 2 255)"],
    ["92", 10],
    ["38;5", 0],
  ])("%s is a colour", (codes, colour) => expect(parseAnsi(`${esc}[${codes}mx`).pieces[0]?.look.colour).toBe(colour));

  test("all others are left out", () => {
    expect(textOf(`${esc}[2K${esc}[1Gdone ${esc}]8;;http://x${esc}\\link${esc}]8;;${esc}\\\u0007!`)).toEqual([
      "done ",
      "link",
      "!",
    ]);
    expect(textOf(`half ${esc}[3`)).toEqual(["half ", "3"]);
  });

  test("a carriage return goes back to the start of the line", () => {
    expect(textOf("10%\r50%\r100%\r")).toEqual(["100%"]);
    expect(parseAnsi(`${esc}[31m10%\r20%`).pieces).toEqual([{ text: "20%", look: { colour: 1 } }]);
  });

  test("any text is read, and no letter is lost", () => {
    let seed = 3;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % below;
    };
    const signs = [esc, "[", "]", "m", ";", "3", "8", "5", "x", "\u0007", "\\", " "];
    for (let round = 0; round < 5000; round++) {
      const line = Array.from({ length: random(24) }, () => signs[random(signs.length)]).join("");
      const shown = textOf(line).join("");
      expect(shown).not.toContain(esc);
      expect(shown.length).toBeLessThanOrEqual(line.length);
    }
    expect(textOf("no escapes at all")).toEqual(["no escapes at all"]);
  });
});

test("the 16 are tokens, the others are mixed with the ink", () => {
  expect(colourOf(1)).toBe("var(--bad)");
  expect(colourOf(9)).toBe("var(--bad)");
  expect(colourOf(196)).toBe("color-mix(in oklab, rgb(255 0 0) 70%, var(--ink))");
  expect(colourOf(255)).toContain("rgb(238 238 238)");
});
