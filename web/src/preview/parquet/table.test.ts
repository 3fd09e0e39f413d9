import { describe, expect, test } from "vitest";
import { openParquet } from "./table";

/** Three runs as the server exports them: Zstandard, texts, whole numbers, doubles and times. */
const exported =
  "UEFSMRUAFeQBFagBLBUGFQAVBhUGHBggMDFhMjA4MzIwOWM3N2Y2Nzg3MjUwMzcxNzMyMTBhZDIYIDAxYTIwODMyMDhjZDc3OWJhZjU5ZjhlMmEzNDZmNDc3FgAoIDAxYTIwODMyMDljNzdmNjc4NzI1MDM3MTczMjEwYWQyGCAwMWEyMDgzMjA4Y2Q3NzliYWY1OWY4ZTJhMzQ2ZjQ3NwAAACi1L/0gcl0CAGIFEBKgFeYB3Z2qPCmhLZfCVf9B/0lGmMru9SO067P/zYJrKUhzaUTOkK+xf+gMx1a0F5vF/mQo2SkZF83MACCYmUACAEHXdA5VBhUAFUIVVCwVBhUAFQYVBhwYBXJ1biAyGAVydW4gMBYAKAVydW4gMhgFcnVuIDAAAAAotS/9ICEJAQACAAAABgEFAAAAcnVuIDAFAAAAcnVuIDEFAAAAcnVuIDIVABU8FU4sFQYVABUGFQYcGAjHCTIIogEAABgI0QgyCKIBAAAWACgIxwkyCKIBAAAYCNEIMgiiAQAAAAAAKLUv/SAe8QAAAgAAAAYB0QgyCKIBAADBCTIIogEAAMcJMgiiAQAAFQAVPBVILBUGFQAVBhUGHBgIAAAAAAAABEAYCAAAAAAAAOA/FgAoCAAAAAAAAARAGAgAAAAAAADgPwAAACi1L/0gHt0AAKACAAAABgEA4D8A+D8AAAAAAAAEQAIAQMYFjBUAFVgVSiwVBhUAFQYVBhwYAzAuMRgTMC4wMzMzMzMzMzMzMzMzMzMzMxYAKAMwLjEYEzAuMDMzMzMzMzMzMzMzMzMzMzMAAAAotS/9ICzlAACQAgAAAAYBAwAAADAuMQQwNRMzAwC4LlZm0FWUFQAVPBUsLBUGFQAVBhUGHBgIAAAAAAAAAAAYCAAAAAAAAAAAFgAoCAAAAAAAAAAAGAgAAAAAAAAAAAAAACi1L/0gHm0AADgCAAAABgEAAQA1MAIVAhl8SARyb290FQwAFQwlAhgGcnVuX2lkJQBMHAAAABUMJQIYBG5hbWUlAEwcAAAAFQQlAhgKc3RhcnRfdGltZWyMERwcAAAAAAAVCiUCGAxtZXRyaWNzLmxvc3MAFQwlAhgJcGFyYW1zLmxyJQBMHAAAABUEJQIYCGNoaWxkcmVuJSRMrBNAEQAAABYGGRwZbCYIHBUMGSUABhkYBnJ1bl9pZBUMFgYWogQW5gMmCDwYIDAxYTIwODMyMDljNzdmNjc4NzI1MDM3MTczMjEwYWQyGCAwMWEyMDgzMjA4Y2Q3NzliYWY1OWY4ZTJhMzQ2ZjQ3NxYAKCAwMWEyMDgzMjA5Yzc3ZjY3ODcyNTAzNzE3MzIxMGFkMhggMDFhMjA4MzIwOGNkNzc5YmFmNTlmOGUyYTM0NmY0NzcAAAAm7gMcFQwZJQAGGRgEbmFtZRUMFgYWpAEWtgEm7gM8GAVydW4gMhgFcnVuIDAWACgFcnVuIDIYBXJ1biAwAAAAJqQFHBUEGSUABhkYCnN0YXJ0X3RpbWUVDBYGFrYBFsgBJqQFPBgIxwkyCKIBAAAYCNEIMgiiAQAAFgAoCMcJMgiiAQAAGAjRCDIIogEAAAAAACbsBhwVChklAAYZGAxtZXRyaWNzLmxvc3MVDBYGFrYBFsIBJuwGPBgIAAAAAAAABEAYCAAAAAAAAOA/FgAoCAAAAAAAAARAGAgAAAAAAADgPwAAACauCBwVDBklAAYZGAlwYXJhbXMubHIVDBYGFuoBFtwBJq4IPBgDMC4xGBMwLjAzMzMzMzMzMzMzMzMzMzMzFgAoAzAuMRgTMC4wMzMzMzMzMzMzMzMzMzMzMwAAACaKChwVBBklAAYZGAhjaGlsZHJlbhUMFgYWtgEWpgEmigo8GAgAAAAAAAAAABgIAAAAAAAAAAAWACgIAAAAAAAAAAAYCAAAAAAAAAAAAAAAFtILFgY2qAsAKEpQYXJxdWV0Lk5ldCB2ZXJzaW9uIDYuMS4wIChidWlsZCBjMTc5ZDk3YmQyNTQ5YjVmNDRhOTI0MWU3MjlmODY5ZDQ5NDdlZTU5KQAnAwAAUEFSMQ==";

const bytes = Uint8Array.from(atob(exported), (sign) => sign.charCodeAt(0));
const fileOf = (content: Uint8Array) => ({
  byteLength: content.length,
  slice: (start: number, end = content.length) => Promise.resolve(content.slice(start, end).buffer as ArrayBuffer),
});
const read = async (content: Uint8Array, offset = 0, limit = 10) =>
  (await openParquet(fileOf(content))).read(offset, limit);

describe("a Parquet file", () => {
  test("has columns with types, and rows from any place", async () => {
    const page = await read(bytes);
    expect(page.columns).toEqual([
      { name: "run_id", type: "text" },
      { name: "name", type: "text" },
      { name: "start_time", type: "text" },
      { name: "metrics.loss", type: "number" },
      { name: "params.lr", type: "text" },
      { name: "children", type: "number" },
    ]);
    expect(page).toMatchObject({ format: "parquet", total: 3, hasMore: false, remarks: [] });
    expect(page.rows.map((row) => row.slice(3))).toEqual([
      [0.5, "0.1", 0],
      [1.5, "0.05", 0],
      [2.5, "0.03333333333333333", 0],
    ]);
    expect(page.rows[0]?.[2]).toMatch(/^20\d\d-\d\d-\d\dT[\d:.]+Z$/);
    const second = await read(bytes, 1, 1);
    expect([second.rows.length, second.rows[0]?.[1], second.hasMore]).toEqual([1, "run 1", true]);
    expect((await read(bytes, 99)).rows).toEqual([]);
  });

  test("that is none, or is cut, says so", async () => {
    await expect(read(new Uint8Array(4))).rejects.toThrow("too short");
    await expect(read(new Uint8Array(4000))).rejects.toThrow("does not end as Parquet does");
    await expect(read(bytes.slice(0, -40))).rejects.toThrow("does not end as Parquet does");
    const claim = bytes.slice();
    new DataView(claim.buffer).setUint32(claim.length - 8, 2 ** 31, true);
    await expect(read(claim)).rejects.toThrow("2147483648 bytes");
  });

  test("with any byte changed is read or refused, soon and in bounded room", async () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 1;
      return seed % below;
    };
    let refused = 0;
    for (let round = 0; round < 1500; round++) {
      const changed = bytes.slice();
      for (let change = 0; change < 1 + random(3); change++) changed[random(changed.length - 8)] = random(256);
      try {
        const page = await read(changed, 0, 10);
        expect(page.rows.length).toBeLessThanOrEqual(10);
        JSON.stringify(page);
      } catch (cause) {
        expect(cause).toBeInstanceOf(Error);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(100);
  }, 60_000);
});
