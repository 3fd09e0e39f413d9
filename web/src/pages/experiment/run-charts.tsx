import { useMemo } from "react";
import { isSystem, type KeyFacts } from "@/charts/prepare/groups";
import { PanelGrid } from "@/panels/grid/panel-grid";
import type { NamedRun } from "@/panels/queries";
import type { RunSource } from "@/panels/source";
import { EmptyState, Skeleton } from "@/ui/state-views";
import type { Workspace } from "@/workspace/use-workspace";

interface RunChartsProps {
  source: RunSource;
  runs: readonly NamedRun[];
  metrics: readonly string[];
  params: readonly string[];
  tags: readonly string[];
  facts: ReadonlyMap<string, KeyFacts>;
  workspace: Workspace;
  note: string | undefined;
  onFilter: (condition: string) => void;
}

/** The panels of an experiment. What machines report has its place on the page of a run. */
export function RunCharts({ metrics, source, runs, workspace, ...rest }: RunChartsProps) {
  const own = useMemo(() => metrics.filter((key) => !isSystem(key)), [metrics]);
  const none = source.kind === "runs" ? runs.length === 0 : source.count === 0;
  return (
    <div className="p-4">
      {!workspace.ready ? (
        <Skeleton className="h-64" />
      ) : none ? (
        <EmptyState title="No runs to draw" />
      ) : (
        <PanelGrid media metrics={own} source={source} runs={runs} part={workspace.part("panels")} {...rest} />
      )}
    </div>
  );
}
