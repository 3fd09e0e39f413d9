import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readGroups } from "./group-bytes";

/** The vector of groups in the document that the server's tests read too. */
function vector(): ArrayBuffer {
  const text = readFileSync(new URL("../../../docs/formats/metric-frames.md", import.meta.url), "utf8");
  const bytes = [...text.matchAll(/bytes:\s*((?:[0-9A-F]{2}\s+)+)/g)].map((match) => match[1] ?? "");
  const found = bytes.find((one) => one.startsWith("52 53 47 52"));
  if (!found) throw new Error("The document has no vector of groups");
  return Uint8Array.from(found.trim().split(/\s+/), (one) => Number.parseInt(one, 16)).buffer;
}

test("groups are read as the document says", () => {
  const { x, groups, runs, complete } = readGroups(vector());
  expect([Array.from(x), runs, complete]).toEqual([[0, 1], 4, true]);
  expect(groups[0]).toMatchObject({ by: { "params.lr": "0.1" }, runs: 3, drawn: 2 });
  expect(Array.from(groups[0]?.mean ?? [])).toEqual([1, 2]);
  expect(Array.from(groups[0]?.count ?? [])).toEqual([2, 1]);
  expect(groups[1]).toMatchObject({ by: {}, runs: 1, drawn: 1 });
  expect(Array.from(groups[1]?.max ?? [])).toEqual([Number.NaN, 4]);
});

test("what is cut short is refused", () => {
  const whole = vector();
  for (let length = 0; length < whole.byteLength; length++)
    expect(() => readGroups(whole.slice(0, length)), `${length} bytes`).toThrow();
});

test("any change of bytes is read or refused", () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  for (let round = 0; round < 3000; round++) {
    const bytes = new Uint8Array(vector().slice(0));
    for (let change = 0; change <= random(4); change++) bytes[random(bytes.length)] = random(256);
    try {
      readGroups(bytes.buffer);
    } catch (cause) {
      expect(cause).toBeInstanceOf(Error);
    }
  }
});
