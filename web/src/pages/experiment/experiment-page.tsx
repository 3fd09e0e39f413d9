import { useParams } from "@tanstack/react-router";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { refreshComments } from "@/api/comments";
import { refreshFrames, useFollow, useFollowPanels } from "@/api/follow";
import { ApiError } from "@/api/http";
import { failureOf, keys as queryKeys, renew, useExperiment } from "@/api/queries";
import { useViews } from "@/api/views";
import { useWidth } from "@/charts/draw/use-size";
import { type RunStyle, styleRuns } from "@/charts/prepare/colours";
import { useShownRuns } from "@/panels/queries";
import { useAddress } from "@/state/search";
import { ExperimentCrumb } from "@/ui/breadcrumb";
import { ErrorState } from "@/ui/state-views";
import { useWorkspace, type Workspace } from "@/workspace/use-workspace";
import { useCrumbs } from "../shell";
import { andAlso } from "./cell-menu";
import { ExperimentBar } from "./experiment-bar";
import { useNames } from "./names";
import { RunCharts } from "./run-charts";
import { RunsPane } from "./runs-pane";
import { Split } from "./split";
import { useFacts } from "./use-facts";
import { type ShownRuns, useShown } from "./use-shown";
import { useTableRows } from "./use-table-rows";
import { useView, viewOf } from "./view";
import { openDefault } from "./views";

const noNames: readonly string[] = [];

export function ExperimentPage() {
  const { experimentId } = useParams({ strict: false }) as { experimentId: string };
  return <Experiment key={experimentId} experimentId={experimentId} />;
}

function Experiment({ experimentId }: { experimentId: string }) {
  const experiment = useExperiment(experimentId);
  const names = useNames(experimentId);
  const [address] = useAddress();
  const workspace = useWorkspace(experimentId, viewOf(address.view));
  const view = useView(experimentId, names.columns, names.keys.data, workspace);
  const arranged = useDefaultView(experimentId, view.change, workspace);
  const rows = useTableRows(view, arranged);
  const { settings } = view;
  const facts = useFacts(view.search, settings.hideConstant || settings.gradients.length > 0);
  const frame = useRef<HTMLDivElement>(null);
  const wide = useWidth(frame) >= 960;
  const mode = wide ? view.mode : view.mode === "charts" ? "charts" : "table";
  useCrumbs(experiment.data?.name ?? "", <ExperimentCrumb id={experimentId} name={experiment.data?.name} current />);

  useFollow({ experiments: [experimentId] }, 250, async (changed) => {
    const own = changed.experiments.get(experimentId);
    const isNew = changed.all || own?.has("facts") || [...changed.runs.values()].some((kinds) => kinds.has("created"));
    await Promise.all([
      (changed.all || changed.runs.size > 0) && rows.refresh(changed),
      refreshFrames(changed),
      isNew && renew({ queryKey: queryKeys.experiment(experimentId) }),
      (changed.all || own?.has("comments")) && refreshComments({ kind: "experiment", id: experimentId }),
    ]);
  });

  useFollowPanels({ experiments: [experimentId] });

  const shown = useShown(view, rows);
  const styles = useColours(shown, mode !== "table");

  const failure = failureOf(experiment);
  if (failure)
    return (
      <ErrorState
        what="This experiment could not be opened"
        error={failure}
        onRetry={() => void experiment.refetch()}
        className="py-32"
      />
    );
  const filterError = rows.error instanceof ApiError && rows.error.status === 400 ? rows.error.message : undefined;
  const table = (
    <RunsPane
      view={view}
      rows={rows}
      facts={facts}
      styles={styles}
      narrow={!wide}
      filterError={filterError}
      columnsKnown={names.ready || view.arranged}
      name={experiment.data?.name ?? ""}
    />
  );
  const charts = (
    <RunCharts
      source={shown.source}
      metrics={names.keys.data?.metrics ?? noNames}
      params={names.keys.data?.params ?? noNames}
      tags={names.keys.data?.tags ?? noNames}
      runs={shown.runs}
      facts={names.facts}
      workspace={workspace}
      onFilter={(condition) => view.setFilter(andAlso(view.filter, condition))}
      note={shown.note}
    />
  );
  return (
    <div ref={frame} className="flex h-[calc(100dvh-3rem)] flex-col">
      <ExperimentBar
        experimentId={experimentId}
        name={experiment.data?.name}
        keys={names.keys.data}
        view={view}
        workspace={workspace}
        rows={rows}
        mode={mode}
        wide={wide}
        filterError={filterError}
      />
      <div className="min-h-0 grow border-t border-line">
        <Panes mode={rows.untouched ? "table" : mode} table={table} charts={charts} />
      </div>
    </div>
  );
}

function Panes({ mode, table, charts }: { mode: string; table: ReactNode; charts: ReactNode }) {
  if (mode === "split") return <Split left={table} right={charts} />;
  return mode === "table" ? table : <div className="h-full overflow-auto">{charts}</div>;
}

/** Opens the experiment's default view when the address asks for nothing else; true once it is known what is shown. */
function useDefaultView(
  experimentId: string,
  change: ReturnType<typeof useView>["change"],
  workspace: Workspace,
): boolean {
  const views = useViews(experimentId);
  const [bare] = useState(() => window.location.search === "");
  const [settled, setSettled] = useState(!bare);
  const chosen = views.data?.find(({ isDefault }) => isDefault);
  useEffect(() => {
    if (settled || views.isPending) return;
    if (!chosen) setSettled(true);
    else
      void openDefault(experimentId, chosen.id)
        .then((search) => change(search, true))
        .finally(() => setSettled(true));
  }, [settled, views.isPending, chosen, experimentId, change]);
  return settled && workspace.ready;
}

const noColours: ReadonlyMap<string, RunStyle> = new Map();

/** The colours that runs have in the panels; none where these draw groups, or all runs pale behind their mean. */
function useColours({ source, runs }: ShownRuns, drawn: boolean): ReadonlyMap<string, RunStyle> {
  const single = useShownRuns(source, runs);
  const apart =
    drawn && source.groupBy.length === 0 && (source.kind === "runs" || source.count <= (single?.length ?? 0));
  return useMemo(() => (apart && single ? styleRuns(single.map((run) => run.id)) : noColours), [apart, single]);
}
