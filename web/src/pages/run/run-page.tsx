import { useParams } from "@tanstack/react-router";
import { lazy, Suspense, useMemo } from "react";
import { refreshComments } from "@/api/comments";
import { refreshConsole } from "@/api/console";
import { refreshFrames, useFollow, useFollowPanels } from "@/api/follow";
import { refreshMedia } from "@/api/media";
import { failureOf, keys as queryKeys, renew, useExperiment, useRun } from "@/api/queries";
import type { RunDetails } from "@/api/types";

import { factsOf, isSystem } from "@/charts/prepare/groups";
import { RunPanels } from "@/panels/grid/run-panels";
import { useAddress } from "@/state/search";
import { ExperimentCrumb, TextCrumb } from "@/ui/breadcrumb";
import { ErrorState, Skeleton } from "@/ui/state-views";
import { type Tab, Tabs } from "@/ui/tabs";
import { useCrumbs } from "../shell";
import { ErasureNotice } from "./erasure-notice";
import { Overview } from "./overview";
import { RunHeader } from "./run-header";

const Artifacts = lazy(() => import("./artifacts").then((module) => ({ default: module.Artifacts })));
const MediaTab = lazy(() => import("./media-tab").then((module) => ({ default: module.MediaTab })));
const ConsoleTab = lazy(() => import("./console/console-tab").then((module) => ({ default: module.ConsoleTab })));
const LineageTab = lazy(() => import("./lineage/lineage-tab").then((module) => ({ default: module.LineageTab })));

export function RunPage() {
  const { runId } = useParams({ strict: false }) as { runId: string };
  const run = useRun(runId);
  const info = run.data?.run.info;
  const experiment = useExperiment(info?.experimentId);
  useCrumbs(
    info?.name ?? "Run",
    info && (
      <>
        <ExperimentCrumb id={info.experimentId} name={experiment.data?.name} />
        <TextCrumb text={info.name} />
      </>
    ),
  );
  useFollow({ runs: [runId] }, 250, async (changed) => {
    const kinds = changed.runs.get(runId);
    // Lines of a console come by the thousand; they change nothing of what the run itself says.
    const apart = new Set(["console", "media", "comments"]);
    await Promise.all([
      (changed.all || [...(kinds ?? [])].some((kind) => !apart.has(kind))) && renew({ queryKey: queryKeys.run(runId) }),
      refreshFrames(changed),
      (changed.all || kinds?.has("artifacts")) && renew({ queryKey: [...queryKeys.artifacts(runId), "list"] }),
      (changed.all || kinds?.has("console")) && refreshConsole(runId),
      (changed.all || kinds?.has("media") || kinds?.has("artifacts")) && refreshMedia(runId),
      (changed.all || kinds?.has("comments")) && refreshComments({ kind: "run", id: runId }),
    ]);
  });
  useFollowPanels({ runs: [runId] });

  const failure = failureOf(run);
  if (failure)
    return (
      <ErrorState
        what="This run could not be opened"
        error={failure}
        onRetry={() => void run.refetch()}
        className="py-32"
      />
    );
  if (!run.data) return <RunSkeleton />;
  return <RunTabs key={runId} details={run.data} />;
}

function RunTabs({ details }: { details: RunDetails }) {
  const [search, change] = useAddress();
  const { info, metrics } = details.run;
  const runs = useMemo(() => [{ id: info.id, name: info.name }], [info.id, info.name]);
  const names = Object.keys(metrics);
  const nameText = JSON.stringify(names);
  const [own, system] = useMemo(() => {
    const all = JSON.parse(nameText) as string[];
    return [all.filter((key) => !isSystem(key)), all.filter(isSystem)];
  }, [nameText]);
  const facts = useMemo(() => factsOf([details.run]), [details.run]);
  const tabs: Tab[] = [
    {
      id: "overview",
      label: "Overview",
      content: () => <Overview details={details} onChart={(metric) => change({ tab: "charts", metric })} />,
    },
    {
      id: "charts",
      label: "Charts",
      count: own.length,
      content: () => (
        <Page>
          <RunPanels experimentId={info.experimentId} metrics={own} runs={runs} facts={facts} />
        </Page>
      ),
    },
    {
      id: "artifacts",
      label: "Artifacts",
      content: () => onDemand(<Artifacts runId={info.id} />),
    },
    { id: "media", label: "Media", content: () => onDemand(<MediaTab runId={info.id} />) },
    {
      id: "console",
      label: "Console",
      content: () => onDemand(<ConsoleTab runId={info.id} running={info.status === "running"} />),
    },
    {
      id: "system",
      label: "System",
      count: system.length,
      content: () => (
        <Page>
          <RunPanels experimentId={info.experimentId} metrics={system} runs={runs} facts={facts} />
        </Page>
      ),
    },
    { id: "lineage", label: "Lineage", content: () => onDemand(<LineageTab details={details} />) },
  ];
  const open = tabs.some((tab) => tab.id === search.tab) ? (search.tab ?? "overview") : "overview";
  return (
    <>
      <RunHeader details={details} />
      <ErasureNotice runId={info.id} />
      <Tabs
        tabs={tabs}
        open={open}
        onOpen={(tab) =>
          change({
            tab: tab === "overview" ? undefined : tab,
            metric: undefined,
            zoom: undefined,
            closed: undefined,
            file: undefined,
            line: undefined,
            media: undefined,
            step: undefined,
          })
        }
      />
    </>
  );
}

const onDemand = (content: React.ReactNode) => (
  <Suspense fallback={<Skeleton className="m-6 h-96" />}>{content}</Suspense>
);

const Page = ({ children }: { children: React.ReactNode }) => <div className="px-4 py-5 sm:px-6">{children}</div>;

const RunSkeleton = () => (
  <div className="space-y-4 px-4 py-6 sm:px-6">
    <Skeleton className="h-7 w-64" />
    <Skeleton className="h-5 w-96 max-w-full" />
    <div className="grid gap-4 pt-8 lg:grid-cols-2">
      <Skeleton className="h-72" />
      <Skeleton className="h-72" />
    </div>
  </div>
);
