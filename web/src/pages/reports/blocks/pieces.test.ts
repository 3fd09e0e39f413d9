import { describe, expect, test } from "vitest";
import { htmlOf } from "@/ui/markdown-tokens";
import { fence, piecesOf } from "./pieces";

const kinds = (body: string) => piecesOf(body).map((piece) => piece.kind);

describe("a report in pieces", () => {
  test("text and blocks keep their order", () => {
    const run = fence({ kind: "run", run: "a" });
    expect(kinds(`# Title\n\n${run}\n\nmore\n\n${run}`)).toEqual(["text", "block", "text", "block"]);
    expect(kinds("")).toEqual([]);
    expect(kinds(run)).toEqual(["block"]);
  });

  test("a block that is wrong says so in its place, the rest is shown", () => {
    const pieces = piecesOf("before\n\n```runstone\n{oops\n```\n\nafter");
    expect(pieces.map((piece) => piece.kind)).toEqual(["text", "fault", "text"]);
    expect(pieces[1]).toMatchObject({ source: "{oops" });
  });

  test("other code stays code, also when it shows a block", () => {
    expect(kinds("```json\n{}\n```")).toEqual(["text"]);
    expect(kinds('````\n```runstone\n{"kind":"run","run":"a"}\n```\n````')).toEqual(["text"]);
    expect(kinds("a `runstone` word")).toEqual(["text"]);
  });

  test("links may be explained on the other side of a block", () => {
    const [first] = piecesOf(`[paper][1]\n\n${fence({ kind: "run", run: "a" })}\n\n[1]: https://example.org/paper`);
    expect(first?.kind === "text" && htmlOf(first.tokens)).toContain('href="https://example.org/paper"');
  });

  test("what is fenced is read back, whatever is in it", () => {
    for (const name of ["loss", "``` odd", "a````b", 'with "quotes" and \\', "ünïcode\u2028"]) {
      const [piece] = piecesOf(fence({ kind: "metric", run: "a", key: name }));
      expect(piece).toMatchObject({ kind: "block", block: { kind: "metric", key: name } });
    }
  });
});
