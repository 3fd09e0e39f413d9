import { describe, expect, test } from "vitest";
import { readSettings } from "@/workspace/settings";
import { type ChartBlock, readBlock, type TableBlock } from "./block";
import { withView } from "./saved-view";

const view = (search: object, table?: object) => readSettings({ version: 1, search, ...(table ? { table } : {}) });
const chart = (rest = "") =>
  readBlock(`{"kind":"chart","keys":["loss"],"experiment":"1","view":"2"${rest}}`) as ChartBlock;
const table = (rest = "") => readBlock(`{"kind":"table","experiment":"1","view":"2"${rest}}`) as TableBlock;

describe("a block that names a saved view", () => {
  test("takes filter, order, groups and look from it", () => {
    const search = {
      filter: "metrics.loss < 1",
      sort: "-metrics.loss:min",
      group: "params.model",
      x: "time",
      y: "log",
    };
    expect(withView(chart(), view(search))).toMatchObject({
      filter: "metrics.loss < 1",
      orderBy: ["metrics.loss:min desc"],
      groupBy: ["params.model"],
      look: { x: "time", y: "log" },
    });
  });

  test("says itself what it wants otherwise, and narrows the filter", () => {
    const block = chart(
      ',"axis":"step","orderBy":["name"],"groupBy":["status"],"filter":"name = \'a\' or name = \'b\'"',
    );
    const seen = withView(
      block,
      view({ filter: "status = 'finished'", x: "time", sort: "-start_time", group: "user" }),
    );
    expect(seen).toMatchObject({
      filter: "(status = 'finished') and (name = 'a' or name = 'b')",
      orderBy: ["name"],
      groupBy: ["status"],
      look: { x: "step" },
    });
  });

  test("of a table takes the columns", () => {
    expect(withView(table(), view({}, { columns: ["params.lr", "metrics.loss"] })).columns).toEqual([
      "params.lr",
      "metrics.loss",
    ]);
    expect(withView(table(',"columns":["status"]'), view({}, { columns: ["params.lr"] })).columns).toEqual(["status"]);
  });

  test("survives settings that somebody else wrote", () => {
    for (const settings of [undefined, view({ filter: 7, sort: [1], group: null }), readSettings({ search: "x" })])
      expect(withView(chart(), settings)).toMatchObject({ filter: "", orderBy: [], groupBy: [] });
  });
});
