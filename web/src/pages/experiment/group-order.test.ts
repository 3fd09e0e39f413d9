import { expect, test } from "vitest";
import { columnOf } from "@/table/columns";
import { groupOrder } from "./group-order";

const model = columnOf("params.model");
const by = model ? [model] : [];
const order = (field: string, figure: "mean" | "best" = "mean") =>
  groupOrder([{ field, descending: true }], by, figure, {});

test("groups stand by the figure that is shown, or by their value", () => {
  expect(order("metrics.loss")).toEqual(["mean(metrics.loss) desc"]);
  expect(order("metrics.loss", "best")).toEqual(["min(metrics.loss) desc"]);
  expect(order("params.model")).toEqual(["value desc"]);
  expect(order("params.other")).toEqual([]);
  expect(order("duration")).toEqual(["mean(duration) desc"]);
});
