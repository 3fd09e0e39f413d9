import { describe, expect, test } from "vitest";
import { factsOfArray, parseNpy, pictureOf } from "./npy";

function npy(type: string, shape: string, content: Uint8Array, fortran = "False"): ArrayBuffer {
  const head = `{'descr': '${type}', 'fortran_order': ${fortran}, 'shape': (${shape}), }`.padEnd(117);
  const bytes = new Uint8Array(10 + 118 + content.length);
  bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, 118, 0]);
  bytes.set(new TextEncoder().encode(`${head}\n`), 10);
  bytes.set(content, 128);
  return bytes.buffer;
}
const bytesOf = (values: ArrayBufferView) => new Uint8Array(values.buffer);

describe("a saved array", () => {
  test("has its shape, type and numbers", () => {
    const array = parseNpy(npy("<f4", "2, 3", bytesOf(Float32Array.of(1, 2, 3, 4, 5, 6))));
    expect(array).toMatchObject({ shape: [2, 3], type: "<f4", total: 6 });
    expect([...array.values]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(pictureOf(array)).toEqual({ rows: 2, columns: 3, layers: 1, channels: 1 });
  });

  test("by columns is turned", () =>
    expect([...parseNpy(npy("<i4", "2, 3", bytesOf(Int32Array.of(1, 4, 2, 5, 3, 6)), "True")).values]).toEqual([
      1, 2, 3, 4, 5, 6,
    ]));

  test.each([
    ["<f2", Uint16Array.of(0x3c00, 0xc000, 0x7c00, 0x0001), [1, -2, Number.POSITIVE_INFINITY, 2 ** -24]],
    [">u2", Uint8Array.of(1, 0, 0, 2, 0, 3, 0, 4), [256, 2, 3, 4]],
    ["|b1", Uint8Array.of(1, 0, 1, 1), [1, 0, 1, 1]],
    ["<i8", BigInt64Array.of(-1n, 2n, 3n, 4n), [-1, 2, 3, 4]],
    ["<c8", Float32Array.of(3, 4, 0, 0, 1, 0, 0, 2), [5, 0, 1, 2]],
  ])("of type %s is read", (type, content, values) =>
    expect([...parseNpy(npy(type, "4,", bytesOf(content))).values]).toEqual(values),
  );

  test("that is cut has what is whole", () => {
    const array = parseNpy(npy("<f8", "1000,", bytesOf(Float64Array.of(1, 2)).subarray(0, 13)));
    expect([array.total, ...array.values]).toEqual([1000, 1]);
  });

  test("of no dimension is one number", () =>
    expect([...parseNpy(npy("<f8", "", bytesOf(Float64Array.of(7)))).values]).toEqual([7]));
});

test.each([
  ["hello, this is no array", "no NumPy array"],
  [npy("<U5", "2,", new Uint8Array(40)), "type <U5"],
  [npy("<f4", "-1, 2", new Uint8Array(8)), "cannot be"],
  [npy("<f4", "99999999999, 99999999999", new Uint8Array(8)), "cannot be"],
])("what is wrong is said (%#)", (bytes, words) =>
  expect(() => parseNpy(typeof bytes === "string" ? new TextEncoder().encode(bytes).buffer : bytes)).toThrow(words),
);

test("changed bytes are read or refused, never more than there are", () => {
  const good = new Uint8Array(npy("<f4", "4, 2", bytesOf(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8))));
  let seed = 11;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  };
  for (let round = 0; round < 3000; round++) {
    const bytes = good.slice(0, random(4) === 0 ? random(good.length) : good.length);
    for (let change = random(4); change >= 0; change--) bytes[random(bytes.length)] = random(256);
    try {
      expect(parseNpy(bytes.buffer).values.length).toBeLessThanOrEqual(bytes.length);
    } catch (cause) {
      expect(cause).toBeInstanceOf(Error);
      expect((cause as Error).name).toBe("Error");
    }
  }
});

test("facts leave out what is not finite", () =>
  expect(factsOfArray(Float64Array.of(1, Number.NaN, 3))).toEqual({ min: 1, max: 3, mean: 2, notFinite: 1 }));

test("bytes in a last axis of three are a colour, axes in front count pictures", () => {
  const facts = { values: new Float64Array(), total: 0 };
  expect(pictureOf({ ...facts, shape: [5, 8, 9, 3], type: "|u1" })).toEqual({
    rows: 8,
    columns: 9,
    layers: 5,
    channels: 3,
  });
  expect(pictureOf({ ...facts, shape: [500], type: "<f4" })).toBeUndefined();
});
