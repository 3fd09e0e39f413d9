import type { MediaKey, MediaType } from "@/api/types";

/** A key under which runs log things to be looked at, of whichever types, and the steps from the first to the last of any run. */
export interface KeyOfMedia {
  key: string;
  types: readonly MediaType[];
  firstStep: number;
  lastStep: number;
}

/** Keys by name, each once. */
export function keysOfMedia(found: readonly MediaKey[]): KeyOfMedia[] {
  const keys = new Map<string, KeyOfMedia>();
  for (const { key, type, firstStep, lastStep } of found) {
    const known = keys.get(key);
    keys.set(key, {
      key,
      types: [...(known?.types ?? []), type],
      firstStep: Math.min(known?.firstStep ?? firstStep, firstStep),
      lastStep: Math.max(known?.lastStep ?? lastStep, lastStep),
    });
  }
  return [...keys.values()].sort((a, b) => a.key.localeCompare(b.key, "en", { numeric: true }));
}

/** Items of these types lie in files and say only where; the others carry their data with them. */
const inFiles: ReadonlySet<MediaType> = new Set(["image", "audio", "video", "html"]);

/** Whether what many runs have under a key is small to read. */
export const isLight = ({ types }: KeyOfMedia): boolean => types.every((type) => inFiles.has(type));

const wide: ReadonlySet<MediaType> = new Set(["table", "confusion-matrix", "plotly", "html"]);

/** The least width of a run's part, in pixels, in which all types of a key can be read. */
export function leastWidth({ types }: KeyOfMedia): number {
  if (types.every((type) => type === "image")) return 148;
  return types.some((type) => wide.has(type)) ? 300 : 200;
}
