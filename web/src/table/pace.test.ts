import { expect, test } from "vitest";
import { Pace } from "./pace";

test("tells how far a movement goes on, in its direction", () => {
  const pace = new Pace();
  for (let at = 0; at <= 10; at++) pace.note(100 + at * 8, at * 16, 50);
  expect(pace.ahead(400)).toBeCloseTo(200, 0);
  for (let at = 1; at <= 10; at++) pace.note(180 - at * 8, 160 + at * 16, 50);
  expect(pace.ahead(400)).toBeCloseTo(-200, 0);
});

test("a jump and what follows a rest are no movement", () => {
  const pace = new Pace();
  pace.note(0, 0, 50);
  pace.note(40, 16, 50);
  expect(pace.ahead(100)).toBeGreaterThan(0);
  pace.note(5000, 32, 50);
  expect(pace.ahead(100)).toBe(0);
  pace.note(5010, 48, 50);
  pace.note(5020, 900, 50);
  expect(pace.ahead(100)).toBe(0);
});
