import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import type { Search } from "./url";

/** The search part of the address, and a way to change some of it. A change of view is a step back; typing replaces. */
export function useAddress(): [Search, (change: Search, replace?: boolean) => void] {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const change = useCallback(
    (next: Search, replace = false) =>
      void navigate({
        to: ".",
        search: (before: Search) => ({ ...before, ...next }),
        replace,
        resetScroll: false,
      } as never),
    [navigate],
  );
  return [search, change];
}
