import { describe, expect, test } from "vitest";
import { BlockError, readBlock } from "./block";

const message = (json: string): string => {
  try {
    readBlock(json);
  } catch (error) {
    expect(error).toBeInstanceOf(BlockError);
    return (error as Error).message;
  }
  throw new Error("read without complaint");
};

describe("a block of a report", () => {
  test("has defaults for what is not said", () => {
    expect(readBlock('{"kind":"chart","keys":["loss"],"runs":["a"]}')).toEqual({
      kind: "chart",
      keys: ["loss"],
      runs: ["a"],
      filter: "",
      orderBy: [],
      look: {},
      groupBy: [],
    });
    expect(readBlock('{"kind":"table","experiment":"1"}')).toMatchObject({ limit: 20, columns: [], experiment: "1" });
    expect(readBlock('{"kind":"metric","run":"a","key":"loss"}')).toMatchObject({ pick: "last" });
  });

  test("keeps how curves look as an address has it", () => {
    const all = readBlock(
      '{"kind":"chart","keys":["k"],"runs":["a"],"axis":"step","log":false,"smooth":"gaussian:12"}',
    );
    expect(all).toMatchObject({ look: { x: "step", y: "linear", smooth: "gaussian:12" } });
  });

  test("keeps a zoom that is a range and ignores one that is not", () => {
    const at = (zoom: string) => readBlock(`{"kind":"chart","keys":["k"],"runs":["a"],"zoom":${zoom}}`);
    expect(at("[1, 9]")).toMatchObject({ zoom: [1, 9] });
    expect(at("[9, 1]")).not.toHaveProperty("zoom");
    expect(at('"1..9"')).not.toHaveProperty("zoom");
  });

  test("says what is wrong, and where", () => {
    expect(message("{")).toContain("not JSON");
    expect(message("[1]")).toContain("is an object");
    expect(message("{}")).toBe("kind: chart, table, run, image, metric are known, not undefined");
    expect(message('{"kind":"pie"}')).toContain('not "pie"');
    expect(message('{"kind":"run"}')).toBe("run: a text is needed");
    expect(message('{"kind":"run","run":7}')).toBe("run: a text is needed");
    expect(message('{"kind":"chart","keys":["k"]}')).toContain("Say which runs");
    expect(message('{"kind":"chart","runs":["a"]}')).toContain("name at least one metric");
    expect(message('{"kind":"chart","runs":["a"],"keys":"k"}')).toBe("keys: a list of texts is needed");
    expect(message('{"kind":"table","experiment":"1","limit":201}')).toContain("from 1 to 200");
    expect(message('{"kind":"metric","run":"a","key":"k","pick":"best"}')).toContain("last, min, max");
  });

  test("does not take what every object has for a member", () => {
    expect(message('{"kind":"image","run":"a","path":{}}')).toBe("path: a text is needed");
    expect(message('{"__proto__":{"kind":"run"}}')).toContain("kind:");
  });
});
