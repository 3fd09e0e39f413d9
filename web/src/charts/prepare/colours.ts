export const colourCount = 12;
const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

export interface RunStyle {
  /** Number of the token --series-n. */
  colour: number;
  dash: readonly number[];
}

/** FNV-1a: spreads ids that differ in few places. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  value ^= value >>> 15;
  return Math.imul(value, 0x2c1b3c6d) >>> 0;
}

/**
 * A colour for each run, from its id. Runs of one chart that would share a colour move on to the next free one, older ids first, so
 * that adding newer runs never changes a colour; when all colours are taken, dashes tell runs apart.
 */
export function styleRuns(ids: readonly string[]): Map<string, RunStyle> {
  const taken = new Set<number>();
  const styles = new Map<string, RunStyle>();
  for (const id of [...new Set(ids)].sort()) {
    const first = hash(id) % colourCount;
    let slot = first;
    search: for (let round = 0; round < dashes.length; round++) {
      for (let away = 0; away < colourCount; away++) {
        slot = round * colourCount + ((first + away * 5) % colourCount);
        if (!taken.has(slot)) break search;
      }
    }
    taken.add(slot);
    styles.set(id, { colour: slot % colourCount, dash: dashes[Math.floor(slot / colourCount)] ?? [] });
  }
  return styles;
}

export const colourVariable = (style: RunStyle | undefined): string => `var(--series-${style?.colour ?? 0})`;
