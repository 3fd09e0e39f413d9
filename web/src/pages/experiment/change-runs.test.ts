import { expect, test } from "vitest";
import type { BulkAnswer } from "@/api/types";
import { changeRuns } from "./change-runs";

const answers: BulkAnswer[] = [
  { changed: 5, failed: 0, failures: [], nextPageToken: "a" },
  { changed: 3, failed: 2, failures: [{ runId: "r", code: "conflict", detail: "It is deleted." }], nextPageToken: "b" },
  { changed: 1, failed: 1, failures: [{ runId: "s", code: "not_found", detail: "Gone." }] },
];

const server = (asked: (string | undefined)[]) => (token: string | undefined) => {
  asked.push(token);
  return Promise.resolve(answers[asked.length - 1] as BulkAnswer);
};

test("it goes on until nothing is left, and says how far it is", async () => {
  const asked: (string | undefined)[] = [];
  const told: number[] = [];
  const done = await changeRuns(server(asked), (count) => told.push(count), new AbortController().signal);
  expect(done).toEqual({ changed: 9, failed: 3, why: "It is deleted.", complete: true });
  expect(asked).toEqual([undefined, "a", "b"]);
  expect(told).toEqual([5, 10, 12]);
});

test("it stops between two calls", async () => {
  const stop = new AbortController();
  const done = await changeRuns(server([]), (count) => count >= 10 && stop.abort(), stop.signal);
  expect(done).toEqual({ changed: 8, failed: 2, why: "It is deleted.", complete: false });
});
