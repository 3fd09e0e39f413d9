import { expect, test } from "vitest";
import { reproduce, shellQuote } from "./reproduce";

const git = { commit: "4f5e", branch: "main", remote: "git@example.org:ml/penguins.git", dirty: true };

test("code, difference and command, in the order in which they are needed", () =>
  expect(reproduce({ git, command: ["python", "train.py", "--note", "it's late"] }, "http://h/api/git.diff")).toBe(
    [
      "git clone -- git@example.org:ml/penguins.git penguins",
      "cd penguins",
      "git checkout 4f5e",
      "curl -fsS http://h/api/git.diff | git apply",
      "python train.py --note 'it'\\''s late'",
    ].join("\n"),
  ));

test("what is missing or hidden is said", () => {
  expect(reproduce({ git: { commit: "4f5e", dirty: true } }, undefined)).toBe(
    "git checkout 4f5e\n# Files differed from this commit, and the difference was not kept.",
  );
  expect(reproduce({ command: ["./run", "--token=***"] }, undefined)).toContain("kept secret");
  expect(reproduce({}, undefined)).toBe("");
});

test("nothing that was logged becomes an option or a command", () => {
  const hostile = { remote: "--upload-pack=touch x;/.git", commit: "--orphan", dirty: false };
  expect(reproduce({ git: hostile }, undefined)).toBe("git clone -- '--upload-pack=touch x;/.git' code\ncd code");
});

test.each([
  ["a b", "'a b'"],
  ["", "''"],
  ["$(rm -rf x)", "'$(rm -rf x)'"],
  ["--x=1", "--x=1"],
])("%s is one word of a shell", (word, quoted) => expect(shellQuote(word)).toBe(quoted));
