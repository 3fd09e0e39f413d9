import { QueryObserver } from "@tanstack/react-query";
import { afterEach, describe, expect, test } from "vitest";
import { ApiError } from "./http";
import { client, failureOf } from "./queries";

const away = new ApiError({ status: 503, detail: "PostgreSQL cannot be reached." }, "");
const refused = new ApiError({ status: 404, detail: "There is no such run." }, "");

/** What the page shows after each change of a query whose tries end like this, until it has data or gives up. */
function follow(...ends: (Error | string)[]): Promise<{ shown: (string | undefined)[]; tries: number }> {
  let tries = 0;
  const observer = new QueryObserver<string>(client, {
    queryKey: ["followed"],
    queryFn: () => {
      const end = ends[tries++];
      if (typeof end === "string") return end;
      throw end;
    },
    retryDelay: 0,
  });
  const shown: (string | undefined)[] = [];
  return new Promise((resolve) => {
    const stop = observer.subscribe((query) => {
      const text = failureOf(query)?.message ?? query.data;
      if (text !== shown.at(-1)) shown.push(text);
      if (query.fetchStatus !== "idle") return;
      stop();
      resolve({ shown, tries });
    });
  });
}

afterEach(() => client.clear());

describe("a query that fails", () => {
  test("says why from the first try on, and goes on until there is data", async () =>
    expect(await follow(...Array(7).fill(away), "a run")).toEqual({
      shown: ["PostgreSQL cannot be reached.", "a run"],
      tries: 8,
    }));
  test("is not tried again where that cannot help", async () =>
    expect(await follow(refused)).toEqual({ shown: ["There is no such run."], tries: 1 }));
});
