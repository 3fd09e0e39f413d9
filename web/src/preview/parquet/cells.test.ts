import { expect, test } from "vitest";
import { cellOf, dayOf, timeOf } from "./cells";

test("times keep all their digits, also before 1970", () => {
  expect(timeOf(1_700_000_000_123n, 3)).toBe("2023-11-14T22:13:20.123Z");
  expect(timeOf(1_700_000_000_123_456n, 6)).toBe("2023-11-14T22:13:20.123456Z");
  expect(timeOf(-1n, 9)).toBe("1969-12-31T23:59:59.999999999Z");
  expect(timeOf(290_000n, 6)).toBe("1970-01-01T00:00:00.290Z");
  expect(timeOf(0n, 3)).toBe("1970-01-01T00:00:00Z");
  expect(timeOf(10n ** 18n, 3)).toBe("1000000000000000000");
  expect([dayOf(19_675), dayOf(1e15)]).toEqual(["2023-11-14", "1000000000000000"]);
});

test("values are those of the server's rows", () => {
  expect([7n, 2n ** 53n, Number.NaN, undefined, "x", true].map(cellOf)).toEqual([
    7,
    "9007199254740992",
    "NaN",
    null,
    "x",
    true,
  ]);
  expect(cellOf(new Uint8Array([1, 255]))).toBe("0x01ff");
  expect(cellOf({ a: [2n ** 60n], b: new Uint8Array([1]) })).toEqual({ a: ["1152921504606846976"], b: "0x01" });
  expect(cellOf("x".repeat(9000))).toBe(`${"x".repeat(8192)}…`);
  expect(cellOf(["x".repeat(9000)])).toHaveLength(8193);
});
