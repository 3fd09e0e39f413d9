import { expect, test } from "vitest";
import { fieldOf, quote, runsById } from "./filter";

test("names are quoted where the language needs it", () => {
  expect(fieldOf("metrics", "val/loss")).toBe("metrics.val/loss");
  expect(fieldOf("metrics", "val loss")).toBe("metrics.`val loss`");
  expect(quote('say "hi"')).toBe('"say ""hi"""');
  expect(quote("C:\\runs")).toBe('"C:\\runs"');
  expect(runsById(["a", 'b"c'])).toBe('run_id in ("a", "b""c")');
});
