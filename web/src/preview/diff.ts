/** A line of a difference between two texts: in both, only in the old one, only in the new one, or where lines are left out. */
export interface DiffLine {
  kind: "same" | "old" | "new" | "gap";
  text: string;
  /** Number of the line in either text, from 1. */
  oldLine?: number;
  newLine?: number;
}

export interface FileDiff {
  /** Path of the file, or both where it was renamed. */
  path: string;
  lines: DiffLine[];
  added: number;
  removed: number;
  /** What is said instead of lines, for example of binary files. */
  remark?: string;
}

const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)$/;

/** Reads what `git diff` writes. Lines that are no difference are passed over, so any text is read to its end. */
export function parseUnified(text: string): FileDiff[] {
  const files: FileDiff[] = [];
  let file: FileDiff | undefined;
  let oldLine = 0;
  let newLine = 0;
  let inHunk = false;
  for (const line of text.split("\n")) {
    const named = /^diff --git "?a\/(.*?)"? "?b\/(.*?)"?$/.exec(line);
    const start = hunk.exec(line);
    if (named || (!inHunk && line.startsWith("--- ") && !file)) {
      const [, before = line.slice(4), after = before] = named ?? [];
      file = { path: before === after ? before : `${before} → ${after}`, lines: [], added: 0, removed: 0 };
      files.push(file);
      inHunk = false;
    } else if (!file) continue;
    else if (start) {
      inHunk = true;
      oldLine = Number(start[1]);
      newLine = Number(start[2]);
      file.lines.push({ kind: "gap", text: start[3] ?? "" });
    } else if (/^(Binary files |GIT binary patch)/.test(line)) file.remark = "Binary content differs";
    else if (inHunk && line.startsWith("+")) {
      file.added += 1;
      file.lines.push({ kind: "new", text: line.slice(1), newLine: newLine++ });
    } else if (inHunk && line.startsWith("-")) {
      file.removed += 1;
      file.lines.push({ kind: "old", text: line.slice(1), oldLine: oldLine++ });
    } else if (inHunk && line.startsWith(" "))
      file.lines.push({ kind: "same", text: line.slice(1), oldLine: oldLine++, newLine: newLine++ });
  }
  return files;
}

/** More lines than these that differ are compared as a block, because the search for the shortest difference grows with their square. */
const searchLimit = 1000;

/**
 * The shortest difference of two texts by lines (Myers, "An O(ND) Difference Algorithm and Its Variations", Algorithmica 1, 1986), after
 * common lines at both ends are set aside.
 */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = linesOf(before);
  const b = linesOf(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail])
    tail += 1;
  const lines: DiffLine[] = [];
  const same = (x: number, y: number) => lines.push({ kind: "same", text: a[x] ?? "", oldLine: x + 1, newLine: y + 1 });
  for (let at = 0; at < head; at++) same(at, at);
  for (const [x, y] of path(a.slice(head, a.length - tail), b.slice(head, b.length - tail))) {
    if (x >= 0 && y >= 0) same(head + x, head + y);
    else if (x >= 0) lines.push({ kind: "old", text: a[head + x] ?? "", oldLine: head + x + 1 });
    else lines.push({ kind: "new", text: b[head + y] ?? "", newLine: head + y + 1 });
  }
  for (let at = tail; at > 0; at--) same(a.length - at, b.length - at);
  return lines;
}

const linesOf = (text: string): string[] => {
  const lines = text.split(/\r?\n/);
  if (lines[lines.length - 1] === "") lines.pop();
  return lines;
};

/** Pairs of places in either list, -1 where a line has no counterpart. */
function path(a: readonly string[], b: readonly string[]): [number, number][] {
  if (a.length + b.length > searchLimit * 2)
    return [...a.map((_, x): [number, number] => [x, -1]), ...b.map((_, y): [number, number] => [-1, y])];
  const most = a.length + b.length;
  const furthest = new Int32Array(2 * most + 2);
  const trace: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits++) {
    // Only the diagonals that this many edits can reach are kept.
    trace.push(furthest.slice(most - edits, most + edits + 2));
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && at(furthest, most + k - 1) < at(furthest, most + k + 1));
      let x = down ? at(furthest, most + k + 1) : at(furthest, most + k - 1) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      furthest[most + k] = x;
      if (x >= a.length && x - k >= b.length) return walkBack(trace, a.length, b.length);
    }
  }
  return [];
}

const at = (values: Int32Array, index: number): number => values[index] ?? 0;

function walkBack(trace: readonly Int32Array[], width: number, height: number): [number, number][] {
  const pairs: [number, number][] = [];
  let x = width;
  let y = height;
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const furthest = trace[edits] as Int32Array;
    const k = x - y;
    const down = k === -edits || (k !== edits && at(furthest, edits + k - 1) < at(furthest, edits + k + 1));
    const from = down ? k + 1 : k - 1;
    const startX = edits === 0 ? 0 : at(furthest, edits + from);
    const startY = edits === 0 ? 0 : startX - from;
    while (x > startX && y > startY) pairs.push([--x, --y]);
    if (edits === 0) break;
    if (down) pairs.push([-1, --y]);
    else pairs.push([--x, -1]);
    x = startX;
    y = startY;
  }
  return pairs.reverse();
}

/** The lines that differ with a few around them; what is left out between them is one gap. */
export function withContext(lines: readonly DiffLine[], around = 3): DiffLine[] {
  const shown: DiffLine[] = [];
  let until = -1;
  let hidden = 0;
  const next = new Int32Array(lines.length + 1).fill(lines.length + around + 1);
  for (let index = lines.length - 1; index >= 0; index--)
    next[index] = lines[index]?.kind === "same" ? (next[index + 1] ?? 0) : index;
  lines.forEach((line, index) => {
    if (line.kind !== "same") until = index + around;
    if (index <= until || (next[index] ?? 0) - index <= around) {
      if (hidden > 0) shown.push({ kind: "gap", text: `${hidden} equal lines` });
      hidden = 0;
      shown.push(line);
    } else hidden += 1;
  });
  if (hidden > 0 && shown.length > 0) shown.push({ kind: "gap", text: `${hidden} equal lines` });
  return shown;
}
