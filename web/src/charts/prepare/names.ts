/** A name in two parts: where there is no room for both, the head is shortened first. */
export interface SplitName {
  head: string;
  tail: string;
}

/**
 * Splits names of runs that are shown side by side so that each tail has what tells it from its neighbours: "forest-000" and "forest-003"
 * shortened at their ends would look alike. A tail begins at a word or number, as far as there are any.
 */
export function splitNames(names: readonly string[]): Map<string, SplitName> {
  const sorted = [...new Set(names)].sort();
  return new Map(
    sorted.map((name, at) => {
      // In this order the name with the longest common beginning is a neighbour.
      const shared = Math.max(sharedLength(name, sorted[at - 1]), sharedLength(name, sorted[at + 1]));
      const start = wordStart(name, Math.min(shared, name.length - 1));
      return [name, { head: name.slice(0, start), tail: name.slice(start) }];
    }),
  );
}

function sharedLength(one: string, other = ""): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

/** Where the word or number begins that stands at a place: after a sign, or where letters and digits meet. */
function wordStart(name: string, place: number): number {
  let start = Math.max(0, place);
  while (start > 0 && kindOf(name, start - 1) === kindOf(name, start) && kindOf(name, start) !== "sign") start -= 1;
  return start;
}

function kindOf(name: string, at: number): "digit" | "letter" | "sign" {
  const sign = name[at] ?? "";
  if (/\d/.test(sign)) return "digit";
  // Halves of a surrogate pair count as letters, so that no pair is torn apart.
  return /[\p{L}\p{M}\p{Cs}]/u.test(sign) ? "letter" : "sign";
}
