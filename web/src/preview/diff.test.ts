import { describe, expect, test } from "vitest";
import { diffLines, parseUnified, withContext } from "./diff";

const git = `diff --git a/train.py b/train.py
index 83db48f..bf2a9c1 100644
--- a/train.py
+++ b/train.py
@@ -12,3 +12,4 @@ def main(args):
     rows = load(args.data)
-    model = Forest(trees=100)
+    model = Forest(trees=args.trees)
+--- not a header
 end
diff --git a/old.png b/new.png
Binary files a/old.png and b/new.png differ
`;

describe("what git writes", () => {
  test("becomes files, lines and numbers", () => {
    const [text, binary] = parseUnified(git);
    expect(text).toMatchObject({ path: "train.py", added: 2, removed: 1 });
    expect(text?.lines.map((line) => [line.kind, line.oldLine, line.newLine])).toEqual([
      ["gap", undefined, undefined],
      ["same", 12, 12],
      ["old", 13, undefined],
      ["new", undefined, 13],
      ["new", undefined, 14],
      ["same", 14, 15],
    ]);
    expect(text?.lines[4]?.text).toBe("--- not a header");
    expect(binary).toMatchObject({ path: "old.png → new.png", remark: "Binary content differs", lines: [] });
  });
  test("anything else is no difference", () => expect(parseUnified("hello\n@@ -1 +1 @@\n+x")).toEqual([]));
});

const rebuild = (before: string, after: string) => {
  const lines = diffLines(before, after);
  const side = (left: "old" | "new") =>
    lines.filter((line) => line.kind === "same" || line.kind === left).map((line) => line.text);
  return [side("old"), side("new"), lines.filter((line) => line.kind !== "same").length] as const;
};

describe("two texts", () => {
  test("differ by as few lines as possible", () => {
    expect(rebuild("a\nb\nc\na\nb\nb\na", "c\nb\na\nb\na\nc")[2]).toBe(5);
    expect(rebuild("a\nb", "a\nb")[2]).toBe(0);
    expect(rebuild("", "a")[2]).toBe(1);
  });

  test("both come back from their difference, whatever they are", () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % below;
    };
    const text = () => Array.from({ length: random(14) }, () => "abc"[random(3)]).join("\n");
    for (let round = 0; round < 2000; round++) {
      const [before, after] = [text(), text()];
      const [old, fresh] = rebuild(before, after);
      expect([old.join("\n"), fresh.join("\n")]).toEqual([before, after]);
    }
  });

  test("long ones are compared as a block", () => {
    const many = (sign: string) => Array.from({ length: 3000 }, (_, line) => `${sign}${line}`).join("\n");
    const [old, fresh, changed] = rebuild(many("a"), many("b"));
    expect([old.length, fresh.length, changed]).toEqual([3000, 3000, 6000]);
  });
});

test("lines far from a difference are one gap", () => {
  const before = Array.from({ length: 20 }, (_, line) => `line ${line}`);
  const after = before.with(10, "other");
  const shown = withContext(diffLines(before.join("\n"), after.join("\n")), 2);
  expect(shown.map((line) => line.text)).toEqual([
    "8 equal lines",
    "line 8",
    "line 9",
    "line 10",
    "other",
    "line 11",
    "line 12",
    "7 equal lines",
  ]);
  expect(withContext(diffLines("a", "a"))).toEqual([]);
});
