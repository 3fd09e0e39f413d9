import { useMemo } from "react";
import { useManyDetails } from "@/api/details";
import type { RunRow } from "@/api/types";
import { EmptyState, ErrorState, Skeleton } from "@/ui/state-views";
import { DifferenceTable } from "./difference-table";
import { surroundings } from "./surroundings";

/** Code, machine and packages of the runs beside each other. */
export function SurroundingsTab({ rows }: { rows: readonly RunRow[] }) {
  const ids = useMemo(() => rows.map((row) => row.info.id), [rows]);
  const { data, error } = useManyDetails(ids, true);
  const sections = useMemo(() => (data ? surroundings(data) : []), [data]);
  if (!data)
    return error ? (
      <ErrorState what="The runs could not be read" error={error} />
    ) : (
      <Skeleton className="mx-4 my-5 h-72 sm:mx-6" />
    );
  if (sections.every((section) => section.rows.length === 0))
    return (
      <EmptyState title="Nothing is known of the code and the machines" className="py-16">
        The C# client sends both by itself; others set the environment of a run.
      </EmptyState>
    );
  return <DifferenceTable rows={rows} all={sections} />;
}
