import { useMemo } from "react";
import type { ChartRun } from "@/charts/draw/chart-card";
import { ChartGrid } from "@/charts/draw/chart-grid";
import { isSystem, type KeyFacts } from "@/charts/prepare/groups";
import { EmptyState } from "@/ui/state-views";

/** The metrics of some runs, one card each. What machines report has its place on the page of a run. */
export function RunCharts({
  metrics,
  runs,
  facts,
  note,
}: {
  metrics: readonly string[];
  runs: readonly ChartRun[];
  facts: ReadonlyMap<string, KeyFacts>;
  note: string | undefined;
}) {
  const own = useMemo(() => metrics.filter((key) => !isSystem(key)), [metrics]);
  return (
    <div className="p-4">
      {runs.length === 0 ? (
        <EmptyState title="No runs to draw" />
      ) : (
        <ChartGrid metrics={own} runs={runs} facts={facts} {...(note ? { note } : {})} />
      )}
    </div>
  );
}
