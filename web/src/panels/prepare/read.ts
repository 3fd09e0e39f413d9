/** Readers of settings that come back from the server: what is not as expected is undefined, so that a default takes its place. */
export type Json = Readonly<Record<string, unknown>>;

const mostText = 100_000;

export const asObject = (value: unknown): Json | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;

export const asText = (value: unknown, most = mostText): string | undefined =>
  typeof value === "string" && value !== "" && value.length <= most ? value : undefined;

export const asFlag = (value: unknown): boolean | undefined => (typeof value === "boolean" ? value : undefined);

export const asNumber = (value: unknown, least: number, greatest: number): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? Math.min(greatest, Math.max(least, value)) : undefined;

export const asWord = <T extends string>(value: unknown, words: readonly T[]): T | undefined =>
  words.find((word) => word === value);

export const asTexts = (value: unknown, most: number): string[] | undefined => {
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((one): one is string => typeof one === "string" && one !== "" && one.length <= 1000);
  return texts.length === 0 ? undefined : [...new Set(texts)].slice(0, most);
};

export const asRange = (value: unknown): [number, number] | undefined => {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [from, to] = value as unknown[];
  return typeof from === "number" && typeof to === "number" && from < to ? [from, to] : undefined;
};

/** An object without the members that are undefined. */
export function defined<T extends object>(
  value: T,
): { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never;
}
