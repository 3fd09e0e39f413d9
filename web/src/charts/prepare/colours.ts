export const colourCount = 12;
const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

export interface RunStyle {
  /** Number of the token --series-n. */
  colour: number;
  dash: readonly number[];
  /** Drawn thin and grey, behind what stands for it. */
  faint?: boolean;
}

/** FNV-1a: spreads ids that differ in few places. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  value ^= value >>> 15;
  return Math.imul(value, 0x2c1b3c6d) >>> 0;
}

/** Colours that look alike beside each other, by number: blues, oranges and reds, greens, pinks, yellow, violet, grey. */
const family = [0, 1, 2, 3, 4, 0, 3, 2, 5, 1, 2, 6] as const;

/**
 * A colour for each run, from its id. Runs of one chart that would share a colour, or have two that look alike while others are
 * free, move on to the next one, older ids first, so that adding newer runs never changes a colour; when all colours are taken,
 * dashes tell runs apart.
 */
export function styleRuns(ids: readonly string[]): Map<string, RunStyle> {
  const taken = new Set<number>();
  const families = new Set<number>();
  const styles = new Map<string, RunStyle>();
  for (const id of [...new Set(ids)].sort()) {
    const slots = slotsFrom(hash(id) % colourCount);
    const free = slots.filter((slot) => !taken.has(slot));
    const apart = free.find((slot) => slot < colourCount && !families.has(family[slot] ?? 0));
    const slot = apart ?? free[0] ?? slots[0] ?? 0;
    taken.add(slot);
    families.add(family[slot % colourCount] ?? 0);
    styles.set(id, { colour: slot % colourCount, dash: dashes[Math.floor(slot / colourCount)] ?? [] });
  }
  return styles;
}

/** Every colour without dashes, then every colour with the first dash, and so on; each round begins at the same colour. */
function slotsFrom(first: number): number[] {
  return dashes.flatMap((_, round) =>
    Array.from({ length: colourCount }, (_, away) => round * colourCount + ((first + away * 5) % colourCount)),
  );
}

/** The token of a run's colour. */
export const colourToken = (style: RunStyle | undefined): string =>
  style?.faint ? "--ink-3" : `--series-${style?.colour ?? 0}`;

export const colourVariable = (style: RunStyle | undefined): string => `var(${colourToken(style)})`;
