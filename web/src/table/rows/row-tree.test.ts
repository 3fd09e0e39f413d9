import { expect, test } from "vitest";
import { type Opening, RowTree } from "./row-tree";

const rowsOf = (tree: RowTree) =>
  Array.from({ length: tree.length }, (_, row) => {
    const place = tree.at(row);
    return place ? `${"-".repeat(place.depth)}${place.listId}${place.index}` : "?";
  });

test("a list alone is its rows", () => {
  expect(rowsOf(new RowTree({ id: "a", length: 3 }, []))).toEqual(["a0", "a1", "a2"]);
  expect(new RowTree({ id: "a", length: 0 }, []).at(0)).toBeUndefined();
});

test("an opened row is followed by its own rows, at any depth", () => {
  const tree = new RowTree({ id: "a", length: 3 }, [
    { listId: "a", index: 2, below: { id: "c", length: 1 } },
    { listId: "a", index: 0, below: { id: "b", length: 2 } },
    { listId: "b", index: 1, below: { id: "d", length: 2 } },
  ]);
  expect(rowsOf(tree)).toEqual(["a0", "-b0", "-b1", "--d0", "--d1", "a1", "a2", "-c0"]);
  expect(tree.at(8)).toBeUndefined();
  expect(tree.at(-1)).toBeUndefined();
});

test("what cannot be shown is passed over: rows outside the list, the same row twice, a list inside itself", () => {
  const tree = new RowTree({ id: "a", length: 2 }, [
    { listId: "a", index: 5, below: { id: "b", length: 9 } },
    { listId: "a", index: 0, below: { id: "c", length: 1 } },
    { listId: "a", index: 0, below: { id: "e", length: 7 } },
    { listId: "c", index: 0, below: { id: "a", length: 2 } },
    { listId: "gone", index: 0, below: { id: "f", length: 4 } },
  ]);
  expect(rowsOf(tree)).toEqual(["a0", "-c0", "a1"]);
});

test("many openings agree with a walk through all of them", () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  for (let round = 0; round < 50; round++) {
    const openings: Opening[] = [];
    const lists = [{ id: "l0", length: 1 + random(40) }];
    for (let made = 1; made < 30; made++) {
      const parent = lists[random(lists.length)];
      if (!parent || parent.length === 0) continue;
      const below = { id: `l${made}`, length: random(12) };
      const index = random(parent.length);
      if (openings.some((one) => one.listId === parent.id && one.index === index)) continue;
      openings.push({ listId: parent.id, index, below });
      lists.push(below);
    }
    const walk = (id: string, length: number, depth: number): string[] =>
      Array.from({ length }, (_, index) => index).flatMap((index) => {
        const opened = openings.find((one) => one.listId === id && one.index === index)?.below;
        return [`${"-".repeat(depth)}${id}${index}`, ...(opened ? walk(opened.id, opened.length, depth + 1) : [])];
      });
    const tree = new RowTree(lists[0] ?? { id: "l0", length: 0 }, openings);
    expect(rowsOf(tree)).toEqual(walk("l0", lists[0]?.length ?? 0, 0));
  }
});

test("stretches cover what is on the screen, each list's rows together", () => {
  const tree = new RowTree({ id: "a", length: 100_000 }, [{ listId: "a", index: 10, below: { id: "b", length: 3 } }]);
  const seen: string[] = [];
  tree.stretches(9, 17, (id, from, to) => seen.push(`${id} ${from}..${to}`));
  expect(seen).toEqual(["a 9..11", "b 0..3", "a 11..14"]);
  seen.length = 0;
  tree.stretches(100_000, 200_000, (id, from, to) => seen.push(`${id} ${from}..${to}`));
  expect(seen).toEqual(["a 99997..100000"]);
});
