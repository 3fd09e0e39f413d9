import { expect, test } from "vitest";
import { Gate } from "./gate";

/** Work that ends when it is told to. */
function held(log: string[], name: string) {
  let end = () => {};
  let fail: (cause: Error) => void = end;
  const ended = new Promise<void>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  const work = async () => {
    log.push(`${name} begins`);
    await ended;
    return name;
  };
  return { work, end, fail };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

test("no more than so many are inside, in the order in which they came", async () => {
  const log: string[] = [];
  const gate = new Gate(2);
  const [a, b, c, d] = [held(log, "a"), held(log, "b"), held(log, "c"), held(log, "d")];
  const answers = [a, b, c, d].map((one) => gate.run(one.work));
  await settled();
  expect(log).toEqual(["a begins", "b begins"]);
  b.fail(new Error("broken"));
  await expect(answers[1]).rejects.toThrow("broken");
  await settled();
  expect(log).toEqual(["a begins", "b begins", "c begins"]);
  for (const one of [a, c, d]) one.end();
  expect(await Promise.all([answers[0], answers[2], answers[3]])).toEqual(["a", "c", "d"]);
});

test("who is called off while waiting gives up the place", async () => {
  const log: string[] = [];
  const gate = new Gate(1);
  const [a, b, c] = [held(log, "a"), held(log, "b"), held(log, "c")];
  const abort = new AbortController();
  const first = gate.run(a.work);
  const second = gate.run(b.work, abort.signal);
  const third = gate.run(c.work);
  abort.abort(new Error("no longer on the screen"));
  await expect(second).rejects.toThrow("no longer on the screen");
  await expect(gate.run(b.work, abort.signal)).rejects.toThrow("no longer on the screen");
  a.end();
  c.end();
  expect(await Promise.all([first, third])).toEqual(["a", "c"]);
  expect(log).toEqual(["a begins", "c begins"]);
});
