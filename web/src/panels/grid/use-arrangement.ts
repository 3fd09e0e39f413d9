import { useCallback, useMemo, useRef } from "react";
import { type Arrangement, readArrangement, writeArrangement } from "@/panels/prepare/arrangement";
import type { WorkspacePart } from "@/workspace/use-workspace";

/** The arrangement that a part of the workspace keeps, and a way to change it. */
export function useArrangement({ value, set }: WorkspacePart) {
  const arrangement = useMemo(() => readArrangement(value), [value]);
  const setter = useRef(set);
  setter.current = set;
  const change = useCallback((next: (before: Arrangement) => Arrangement) => {
    setter.current((before) => writeArrangement(next(readArrangement(before))));
  }, []);
  return { arrangement, change };
}
