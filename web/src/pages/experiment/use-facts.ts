import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { readColumnFacts, type TableSearch } from "@/api/table";
import type { ColumnFacts } from "@/api/types";
import type { Column } from "@/table/columns";

/** What columns hold over all runs that the search finds. */
export interface Facts {
  known: boolean;
  /** Runs that were looked at. */
  runs: number;
  of: (column: Column) => ColumnFacts | undefined;
}

/** Reads the facts only where something is drawn by them. */
export function useFacts(search: TableSearch, enabled: boolean): Facts {
  const { experimentIds, filter, lifecycle } = search;
  const answer = useQuery({
    queryKey: ["facts", experimentIds, filter, lifecycle],
    queryFn: ({ signal }) => readColumnFacts(search, signal),
    enabled,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  return useMemo(() => {
    const byField = new Map(answer.data?.columns.map((one) => [one.field, one]));
    return {
      known: enabled && answer.data !== undefined,
      runs: answer.data?.runs ?? 0,
      // The least and the greatest of a metric are told with its last value.
      of: (column) => byField.get((column.field ?? "").replace(/:(min|max)$/, "")),
    };
  }, [answer.data, enabled]);
}
