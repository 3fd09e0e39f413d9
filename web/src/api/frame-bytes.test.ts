import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readFrames } from "./frame-bytes";

const page = readFileSync(new URL("../../../docs/formats/metric-frames.md", import.meta.url), "utf8");

/** The vectors of the page: the frames as it describes them, and the bytes. */
const vectors = [...page.matchAll(/^```\n((?:frame: .+\n)+)bytes: ([0-9A-F\s]+)```$/gm)].map(
  ([, frames = "", hex = ""]) => ({
    frames: frames
      .trim()
      .split("\n")
      .map((line) => new Map(line.slice("frame: ".length).split("; ").map(column))),
    bytes: Uint8Array.from(hex.match(/[0-9A-F]{2}/g) ?? [], (pair) => Number.parseInt(pair, 16)).buffer,
  }),
);

function column(text: string): [string, number[]] {
  const [name = "", ...values] = text.trim().split(" ");
  return [name, values.map(Number)];
}

const series = (count: number) => Array.from({ length: count }, (_, i) => ({ runId: `r${i}`, key: "loss" }));

describe("frames from bytes", () => {
  test("are those of the documented vectors", () => {
    expect(vectors.length).toBe(2);
    for (const { frames, bytes } of vectors)
      readFrames(bytes, series(frames.length)).forEach((frame, i) => {
        const told = frames[i] ?? new Map();
        expect([frame.runId, frame.key, frame.exact]).toEqual([`r${i}`, "loss", told.has("exact")]);
        expect(frame.points).toBe((told.get("exact") ?? told.get("buckets"))[0]);
        for (const name of ["x", "last", "min", "max", "mean", "first", "count"] as const)
          expect(frame[name] && Array.from(frame[name])).toEqual(told.get(name));
      });
  });
  test("that end early, or are something else, are refused", () => {
    for (const { frames, bytes } of vectors) {
      for (let length = 0; length < bytes.byteLength; length += 4)
        expect(() => readFrames(bytes.slice(0, length), series(frames.length))).toThrow();
      expect(() => readFrames(bytes, series(frames.length + 1))).toThrow("were asked for");
    }
    // Whatever the bytes say, they are read or refused in words, and no column reaches beyond them.
    let random = 1;
    const next = (below: number) => {
      random = (random * 48271) % 2147483647;
      return random % below;
    };
    for (let round = 0; round < 3000; round++) {
      const { frames, bytes } = vectors[next(vectors.length)] ?? { frames: [], bytes: new ArrayBuffer(0) };
      const changed = new Uint8Array(bytes.slice(0));
      for (let change = next(4); change >= 0; change--) changed[next(changed.length)] = next(256);
      try {
        for (const frame of readFrames(changed.buffer, series(frames.length)))
          expect(frame.x.length * 8).toBeLessThanOrEqual(changed.length);
      } catch (error) {
        expect(String(error)).toMatch(
          /^Error: The (drawing is not complete|server's answer is no drawing|server drew)/,
        );
      }
    }
    expect(() => readFrames(new TextEncoder().encode("<!doctype html><title>").buffer, series(1))).toThrow(
      "no drawing",
    );
  });
});
