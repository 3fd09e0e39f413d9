export interface KeyGroup {
  prefix: string;
  keys: string[];
}

export const isSystem = (key: string): boolean => key.startsWith("system/");

/** Keys by what stands before their last slash; keys without one come first. */
export function groupKeys(keys: readonly string[]): KeyGroup[] {
  const groups = new Map<string, string[]>();
  for (const key of keys) {
    const prefix = key.slice(0, Math.max(0, key.lastIndexOf("/")));
    const list = groups.get(prefix);
    if (list) list.push(key);
    else groups.set(prefix, [key]);
  }
  return [...groups].map(([prefix, list]) => ({ prefix, keys: list })).sort((a, b) => compareText(a.prefix, b.prefix));
}

const compareText = (a: string, b: string): number => a.localeCompare(b, "en", { numeric: true });

export interface KeyMatch {
  keys: string[];
  /** Why the text is no regular expression. */
  error: string | undefined;
}

/** Keys that contain the text, or match it as a regular expression when it holds signs of one. */
export function matchKeys(keys: readonly string[], text: string): KeyMatch {
  const wanted = text.trim();
  if (wanted === "") return { keys: [...keys], error: undefined };
  if (!/[\\^$*+?()[\]{}|]/.test(wanted)) {
    const lower = wanted.toLowerCase();
    return { keys: keys.filter((key) => key.toLowerCase().includes(lower)), error: undefined };
  }
  try {
    const pattern = new RegExp(wanted, "i");
    return { keys: keys.filter((key) => pattern.test(key)), error: undefined };
  } catch (cause) {
    return {
      keys: [],
      error: cause instanceof Error ? cause.message.replace(/^Invalid regular expression: /, "") : String(cause),
    };
  }
}
