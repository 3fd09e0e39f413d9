import { QueryObserver } from "@tanstack/react-query";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ApiError } from "./http";
import { client, failureOf, renew } from "./queries";

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

describe("what changed is asked again", () => {
  /** A query of which each answer waits until it is let go. */
  function held() {
    const answers: ((text: string) => void)[] = [];
    const observer = new QueryObserver<string>(client, {
      queryKey: ["held"],
      queryFn: () => new Promise<string>((resolve) => answers.push(resolve)),
    });
    return { observer, stop: observer.subscribe(() => undefined), answers };
  }

  test("also where the first answer is still under way, which may be older", async () => {
    const { observer, stop, answers } = held();
    const done = renew({ queryKey: ["held"] });
    answers[0]?.("running");
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    answers[1]?.("finished");
    await done;
    expect(observer.getCurrentResult().data).toBe("finished");
    stop();
  });

  test("once where it had an answer", async () => {
    const { observer, stop, answers } = held();
    answers[0]?.("running");
    await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe("running"));
    const done = renew({ queryKey: ["held"] });
    answers[1]?.("finished");
    await done;
    expect(answers).toHaveLength(2);
    expect(observer.getCurrentResult().data).toBe("finished");
    stop();
  });
});
