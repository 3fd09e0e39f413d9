import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Saver } from "./saver";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function recorder() {
  const written: string[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const saver = new Saver<string>(
    (value, last) =>
      new Promise<void>((resolve, reject) => {
        written.push(last ? `${value}, last` : value);
        ends.push((error) => (error ? reject(error) : resolve()));
      }),
    (cause) => (cause as Error).message === "later",
  );
  return { saver, written, end: async (error?: Error) => ends.shift()?.(error) };
}

test("several changes are one write, of the last", async () => {
  const { saver, written, end } = recorder();
  for (const value of ["a", "b", "c"]) saver.set(value);
  expect(saver.unsaved).toBe("c");
  await vi.advanceTimersByTimeAsync(500);
  expect(written).toEqual(["c"]);
  expect(saver.unsaved).toBe("c");
  await end();
  await vi.runAllTimersAsync();
  expect(saver.unsaved).toBeUndefined();
});

test("a change during a write is written after it", async () => {
  const { saver, written, end } = recorder();
  saver.set("a");
  await vi.advanceTimersByTimeAsync(500);
  saver.set("b");
  await vi.runAllTimersAsync();
  expect(written).toEqual(["a"]);
  await end();
  await vi.runAllTimersAsync();
  expect(written).toEqual(["a", "b"]);
});

test("what may succeed later is tried again unless something newer came, the rest is dropped", async () => {
  const { saver, written, end } = recorder();
  saver.set("a");
  await vi.advanceTimersByTimeAsync(500);
  await end(new Error("later"));
  await vi.runAllTimersAsync();
  expect(written).toEqual(["a", "a"]);
  saver.set("b");
  await end(new Error("later"));
  await vi.runAllTimersAsync();
  expect(written).toEqual(["a", "a", "b"]);
  await end(new Error("refused"));
  await vi.runAllTimersAsync();
  expect(written).toHaveLength(3);
  expect(saver.unsaved).toBeUndefined();
});

test("a page that goes away writes what waits, once", async () => {
  const { saver, written } = recorder();
  saver.set("a");
  saver.flush();
  saver.flush();
  await vi.runAllTimersAsync();
  expect(written).toEqual(["a, last"]);
});

test("what was read before a change that is stored by now does not come back", async () => {
  const { saver, end } = recorder();
  let answer: (value: string) => void = () => undefined;
  const read = saver.read(() => new Promise<string>((resolve) => (answer = resolve)));
  saver.set("new");
  await vi.advanceTimersByTimeAsync(500);
  await end();
  await vi.runAllTimersAsync();
  expect(saver.unsaved).toBeUndefined();
  answer("old");
  expect(await read).toBe("new");
  expect(await saver.read(async () => "of another window")).toBe("of another window");
});
