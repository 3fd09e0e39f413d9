import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { lazy, type ReactNode, Suspense, useMemo } from "react";
import { refreshFrames, useFollow, useFollowPanels } from "@/api/follow";
import { failureOf, renew, useExperiment, useRunRows } from "@/api/queries";
import type { RunRow } from "@/api/types";
import { colourVariable, styleRuns } from "@/charts/prepare/colours";
import { factsOf, isSystem } from "@/charts/prepare/groups";
import { LocalPanels } from "@/panels/grid/run-panels";
import { formatCount, plural } from "@/state/format";
import { useAddress } from "@/state/search";
import { decodeList, encodeList } from "@/state/url";
import { ExperimentCrumb, TextCrumb } from "@/ui/breadcrumb";
import { EmptyState, ErrorState, Skeleton } from "@/ui/state-views";
import { type Tab, Tabs } from "@/ui/tabs";
import { useCrumbs } from "../shell";
import { DifferenceTable } from "./difference-table";
import { differences } from "./differences";

const SurroundingsTab = lazy(() => import("./surroundings-tab").then((one) => ({ default: one.SurroundingsTab })));
const FilesTab = lazy(() => import("./files-tab").then((one) => ({ default: one.FilesTab })));
const MediaTab = lazy(() => import("./media-tab").then((one) => ({ default: one.MediaTab })));

const mostRuns = 100;

export function ComparePage() {
  const [search, change] = useAddress();
  const asked = useMemo(() => [...new Set(decodeList(search.runs))], [search.runs]);
  const ids = useMemo(() => asked.slice(0, mostRuns), [asked]);
  const rows = useRunRows(ids);
  const experimentId = rows.data?.[0]?.info.experimentId;
  const experiment = useExperiment(experimentId);
  useCrumbs(
    `Compare ${plural(ids.length, "run")}`,
    <>
      {experimentId && <ExperimentCrumb id={experimentId} name={experiment.data?.name} />}
      <TextCrumb text="Compare" />
    </>,
  );
  useFollow({ runs: ids }, 500, (changed) => Promise.all([renew({ queryKey: ["rows"] }), refreshFrames(changed)]));
  useFollowPanels({ runs: ids });

  if (ids.length === 0)
    return (
      <EmptyState title="No runs to compare" className="py-32">
        Select runs in the table of an experiment, then choose Compare.
      </EmptyState>
    );
  const failure = failureOf(rows);
  if (failure)
    return (
      <ErrorState
        what="The runs could not be read"
        error={failure}
        onRetry={() => void rows.refetch()}
        className="py-32"
      />
    );
  if (!rows.data) return <Skeleton className="m-6 h-96" />;
  const missing = ids.length - rows.data.length;
  return (
    <>
      <header className="px-4 pt-5 pb-3 sm:px-6">
        <h1 className="text-xl font-semibold tracking-tight">Compare {plural(rows.data.length, "run")}</h1>
        {asked.length > mostRuns && (
          <p className="mt-1 text-warn">
            The first {mostRuns} of {formatCount(asked.length)} runs of this link: more cannot be told apart side by
            side.
          </p>
        )}
        {missing > 0 && !rows.isPlaceholderData && (
          <p className="mt-1 text-warn">{plural(missing, "run")} of this link no longer exist on this server.</p>
        )}
        <Chips rows={rows.data} onRemove={(id) => change({ runs: encodeList(ids.filter((one) => one !== id)) })} />
      </header>
      <CompareTabs
        rows={rows.data}
        open={search.tab ?? "charts"}
        onOpen={(tab) => change({ tab: tab === "charts" ? undefined : tab, file: undefined, media: undefined })}
      />
    </>
  );
}

const onDemand = (content: ReactNode) => (
  <Suspense fallback={<Skeleton className="mx-4 my-5 h-72 sm:mx-6" />}>{content}</Suspense>
);

function CompareTabs({ rows, open, onOpen }: { rows: readonly RunRow[]; open: string; onOpen: (tab: string) => void }) {
  const runs = useMemo(() => rows.map(({ info }) => ({ id: info.id, name: info.name })), [rows]);
  const metrics = useMemo(
    () =>
      [...new Set(rows.flatMap((row) => Object.keys(row.metrics)))].sort((a, b) =>
        a.localeCompare(b, "en", { numeric: true }),
      ),
    [rows],
  );
  const [own, system] = useMemo(
    () => [metrics.filter((key) => !isSystem(key)), metrics.filter(isSystem)] as const,
    [metrics],
  );
  const facts = useMemo(() => factsOf(rows), [rows]);
  const all = useMemo(() => differences(rows), [rows]);
  const tabs: Tab[] = [
    {
      id: "charts",
      label: "Charts",
      content: () => (
        <div className="px-4 py-5 sm:px-6">
          <LocalPanels name="compare" metrics={own} runs={runs} facts={facts} />
        </div>
      ),
    },
    { id: "table", label: "Differences", content: () => <DifferenceTable rows={rows} all={all} /> },
    { id: "code", label: "Code and environment", content: () => onDemand(<SurroundingsTab rows={rows} />) },
    { id: "files", label: "Files", content: () => onDemand(<FilesTab rows={rows} />) },
    { id: "media", label: "Media", content: () => onDemand(<MediaTab rows={rows} />) },
    {
      id: "system",
      label: "System",
      content: () => (
        <div className="px-4 py-5 sm:px-6">
          <LocalPanels name="compare" metrics={system} runs={runs} facts={facts} />
        </div>
      ),
    },
  ];
  return <Tabs tabs={tabs} open={tabs.some((tab) => tab.id === open) ? open : "charts"} onOpen={onOpen} />;
}

function Chips({ rows, onRemove }: { rows: readonly RunRow[]; onRemove: (id: string) => void }) {
  const styles = useMemo(() => styleRuns(rows.map((row) => row.info.id)), [rows]);
  return (
    <ul aria-label="Compared runs" className="mt-3 flex max-h-24 flex-wrap gap-1.5 overflow-auto">
      {rows.map(({ info }) => (
        <li
          key={info.id}
          className="flex h-7 max-w-64 items-center gap-1.5 rounded-md border border-line bg-surface pr-1 pl-2 text-xs"
        >
          <span
            aria-hidden="true"
            className="size-2.5 shrink-0 rounded-full"
            style={{ background: colourVariable(styles.get(info.id)) }}
          />
          <Link
            to="/runs/$runId"
            params={{ runId: info.id }}
            className="truncate rounded-sm hover:text-accent hover:underline"
          >
            {info.name}
          </Link>
          <button
            type="button"
            aria-label={`Leave out ${info.name}`}
            onClick={() => onRemove(info.id)}
            className="rounded-sm p-0.5 text-ink-3 hover:bg-hover hover:text-ink"
          >
            <X className="size-3.5" />
          </button>
        </li>
      ))}
    </ul>
  );
}
