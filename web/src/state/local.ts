import { useCallback, useState } from "react";

/** A preference of this browser, such as a width: nothing that a link should carry. */
export function useLocal<T>(key: string, initial: T): [T, (value: T) => void] {
  const name = `runstone.${key}`;
  const [value, setValue] = useState<T>(() => {
    try {
      const stored = localStorage.getItem(name);
      return stored === null ? initial : (JSON.parse(stored) as T);
    } catch {
      return initial;
    }
  });
  const set = useCallback(
    (next: T) => {
      setValue(next);
      try {
        localStorage.setItem(name, JSON.stringify(next));
      } catch {
        // Storage may be full or blocked: the value then lasts as long as the page.
      }
    },
    [name],
  );
  return [value, set];
}
