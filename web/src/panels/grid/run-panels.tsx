import { useMemo } from "react";
import type { KeyFacts } from "@/charts/prepare/groups";
import type { NamedRun } from "@/panels/queries";
import { useLocal } from "@/state/local";
import { Skeleton } from "@/ui/state-views";
import type { Part } from "@/workspace/settings";
import { useWorkspace, type WorkspacePart } from "@/workspace/use-workspace";
import { PanelGrid } from "./panel-grid";

interface RunPanelsProps {
  runs: readonly NamedRun[];
  metrics: readonly string[];
  params?: readonly string[];
  facts: ReadonlyMap<string, KeyFacts>;
}

const useSource = (runs: readonly NamedRun[]) =>
  useMemo(() => ({ kind: "runs" as const, ids: runs.map((run) => run.id), groupBy: [] }), [runs]);

/** Panels of one run, arranged alike for all runs of its experiment. */
export function RunPanels({ experimentId, ...props }: RunPanelsProps & { experimentId: string }) {
  const workspace = useWorkspace(experimentId);
  const source = useSource(props.runs);
  if (!workspace.ready) return <Skeleton className="h-64" />;
  return <PanelGrid source={source} part={workspace.part("run")} {...props} />;
}

/** Panels of runs of any experiments, arranged in this browser. */
export function LocalPanels({ name, ...props }: RunPanelsProps & { name: string }) {
  const source = useSource(props.runs);
  const [value, setValue] = useLocal<Part | null>(`panels.${name}`, null);
  const part: WorkspacePart = {
    value: value ?? undefined,
    set: (next) => setValue((typeof next === "function" ? next(value ?? undefined) : next) ?? null),
  };
  return <PanelGrid source={source} part={part} {...props} />;
}
