import { describe, expect, test } from "vitest";
import type { RunRow } from "@/api/types";
import { chooseColumns, firstIds, noColumns } from "./first-columns";

const row = (params: Record<string, string>, metrics: Record<string, number>): RunRow => ({
  info: {
    id: "r",
    experimentId: "1",
    name: "n",
    user: "",
    status: "finished",
    startTime: 0,
    lifecycle: "active",
    updatedAt: 0,
  },
  params,
  metrics: Object.fromEntries(
    Object.entries(metrics).map(([key, last]) => [key, { last, step: 0, time: 0, first: last, count: 1 }]),
  ),
  tags: {},
  inputs: [],
  models: [],
});
const keysOf = (rows: readonly RunRow[]) => ({
  metrics: [...new Set(rows.flatMap((one) => Object.keys(one.metrics)))].sort(),
  params: [...new Set(rows.flatMap((one) => Object.keys(one.params)))].sort(),
  tags: [],
  truncated: false,
});
const choose = (rows: readonly RunRow[], before = noColumns) => chooseColumns(rows, keysOf(rows), before);

describe("the first columns", () => {
  test("are what most runs have and what differs, results first", () => {
    const rows = [1, 2, 3, 4].map((n) =>
      row(
        { constant: "x", lr: `${n}`, ...(n === 1 ? { rare: "1" } : {}), also: "y", seed: `${n}` },
        { "a/speed": n, loss: n, "val/loss": n, "test/auc": n, "test/recall/one": n, "system/cpu": n, fixed: 1 },
      ),
    );
    const first = choose(rows);
    expect(first.params.slice(0, 2)).toEqual(["lr", "seed"]);
    expect(first.params).toHaveLength(3);
    expect(first.params).not.toContain("rare");
    expect(first.metrics).toEqual(["test/auc", "val/loss", "loss", "a/speed"]);
    expect(firstIds(first).slice(0, 3)).toEqual(["name", "status", "metrics.test/auc"]);
    expect(firstIds(first).slice(-2)).toEqual(["start_time", "duration"]);
  });

  test("that tell runs apart stay, those that only fill the room make way", () => {
    const parent = row({ epochs: "40", folds: "5", fraction: "0.2" }, {});
    const alone = choose([parent]);
    expect(alone.params).toEqual(["epochs", "folds", "fraction"]);
    const some = [1, 2, 3].map((n) => row({ l2: `${n}`, epochs: "40" }, { loss: n }));
    const next = choose([parent, ...some], alone);
    expect(next.params[0]).toBe("l2");
    expect(next.metrics).toEqual(["loss"]);
    const others = Array.from({ length: 9 }, (_, n) =>
      row({ leaves: `${n}`, rate: `${n}`, depth: `${n}` }, { auc: n }),
    );
    const last = choose([parent, ...some, ...others], next);
    expect(last.params[0]).toBe("l2");
    expect(last.metrics[0]).toBe("loss");
    expect(choose([parent, ...some, ...others]).params).not.toContain("l2");
  });

  test("are none as long as nothing is known", () => expect(choose([]).metrics).toEqual([]));
});
