import { QueryObserver } from "@tanstack/react-query";
import { afterEach, expect, test } from "vitest";
import type { Changed } from "./follow";
import { client, keys } from "./queries";
import { comparedMediaKey, refreshImportance, refreshPanels } from "./refresh-panels";

const asked: string[] = [];
const stops: (() => void)[] = [];

/** A panel that is on the screen. */
const mounted = async (name: string, queryKey: readonly unknown[]) => {
  const queryFn = () => {
    asked.push(name);
    return Promise.resolve(name);
  };
  const observer = new QueryObserver(client, { queryKey, queryFn });
  stops.push(observer.subscribe(() => undefined));
  await client.ensureQueryData({ queryKey, queryFn });
};

const world = async () => {
  await mounted("band", [...keys.groups, { key: "loss" }]);
  await mounted("scatter", [...keys.columns, { filter: "" }, ["name"]]);
  await mounted("importance", [...keys.columns, "importance", {}, "metrics.loss"]);
  await mounted("pictures of a", [...comparedMediaKey, ["a"], "seen", undefined]);
  await mounted("pictures of b", [...comparedMediaKey, ["b"], "seen", undefined]);
  // Somebody scrolled past this one: it is not on the screen any more.
  await client.prefetchQuery({ queryKey: [...keys.groups, { key: "old" }], queryFn: () => "old" });
  asked.length = 0;
};

const changes = (runs: Record<string, string[]>, all = false): Changed => ({
  all,
  runs: new Map(Object.entries(runs).map(([id, kinds]) => [id, new Set(kinds)])),
  experiments: new Map(),
});

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  client.clear();
});

test("points renew bands and columns", async () => {
  await world();
  await refreshPanels(changes({ a: ["metrics"] }));
  expect(asked.sort()).toEqual(["band", "scatter"]);
});

test("what is looked at is renewed for the runs that logged it", async () => {
  await world();
  await refreshPanels(changes({ a: ["media"], b: ["console"] }));
  expect(asked).toEqual(["pictures of a"]);
});

test("all is renewed when the server did not list what changed", async () => {
  await world();
  await refreshPanels(changes({}, true));
  expect(asked.sort()).toEqual(["band", "pictures of a", "pictures of b", "scatter"]);
});

test("importance is measured again apart", async () => {
  await world();
  await refreshImportance(changes({ a: ["console"] }));
  expect(asked).toEqual([]);
  await refreshImportance(changes({ a: ["params"] }));
  expect(asked).toEqual(["importance"]);
});
