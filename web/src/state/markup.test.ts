import { expect, test } from "vitest";
import { escapeText } from "./markup";

test("a text stays text in content and in attributes", () => {
  expect(escapeText(`a<b & "c" > d`)).toBe("a&lt;b &amp; &quot;c&quot; &gt; d");
});
