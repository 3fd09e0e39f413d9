import { expect, test } from "vitest";
import { columnsOf, keysOf, searchOf } from "./api-reader";
import { groupList, nestedList, rootList } from "./reader";

const search = { experimentIds: ["1"], filter: "metrics.a < 1", orderBy: ["metrics.a"], lifecycle: "active" } as const;
const rows = { search, groupBy: ["params.model", "params.`learning rate`"], roots: false, groupOrder: [], goals: {} };

test("the root is the search itself", () => expect(searchOf(rows, rootList)).toEqual(search));

test("what is in a group is the search within its values; without a value are those that lack one", () => {
  const within = [{ field: "params.model", value: 'say "hi"' }, { field: "params.`learning rate`" }];
  expect(searchOf(rows, groupList(['say "hi"', null]))).toEqual({ ...search, within });
  expect(keysOf(["duration"], [3])).toEqual([{ field: "duration", value: 3 }]);
});

test("nested runs stand in the order in which they began, whatever the filter is", () =>
  expect(searchOf(rows, nestedList("r1"))).toMatchObject({ filter: 'parent_id = "r1"', orderBy: ["start_time asc"] }));

test("groups are asked for the columns that order them, shown or not yet", () => {
  expect(columnsOf(["name", "params.model"], ["mean(metrics.`val (x)`) desc", "value asc"])).toEqual([
    "params.model",
    "metrics.`val (x)`",
  ]);
  expect(columnsOf(["metrics.loss"], ["min(metrics.loss) asc"])).toEqual(["metrics.loss"]);
});
