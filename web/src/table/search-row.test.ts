import { expect, test } from "vitest";
import type { RunRow } from "@/api/types";
import { columnOf } from "./columns";
import { valueIn, wantedKeys } from "./search-row";

const row = {
  info: {
    id: "r",
    experimentId: "1",
    name: "n",
    user: "",
    status: "finished",
    startTime: 5,
    lifecycle: "active",
    updatedAt: 0,
  },
  params: { lr: "0.1" },
  metrics: { loss: { last: 0.5, step: 9, time: 0, min: 0.1, max: 3, first: 1, count: 10 } },
  tags: {},
  inputs: [],
  models: [],
} as unknown as RunRow;
const columns = (...ids: string[]) => ids.map((id) => columnOf(id)).filter((column) => column !== undefined);

test("only the keys that are shown are asked for", () =>
  expect(wantedKeys(columns("name", "metrics.a", "metrics.a:min", "tags.t"))).toEqual({
    metrics: ["a"],
    params: [],
    tags: ["t"],
    inputs: false,
  }));

test("values of a row, by column", () =>
  expect(
    columns("name", "start_time", "params.lr", "tags.x", "metrics.loss", "metrics.loss:best", "metrics.none").map(
      (one) => valueIn(row, one),
    ),
  ).toEqual(["n", 5, "0.1", null, 0.5, 0.1, null]));
