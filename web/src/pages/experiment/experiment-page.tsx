import { useParams } from "@tanstack/react-router";
import { useMemo, useRef } from "react";
import { refreshFrames, refreshRows, useFollow } from "@/api/follow";
import { ApiError } from "@/api/http";
import { client, failureOf, keys as queryKeys, useExperiment, useRuns } from "@/api/queries";
import { useWidth } from "@/charts/draw/use-size";
import { styleRuns } from "@/charts/prepare/colours";
import type { RunSource } from "@/panels/source";
import { formatCount } from "@/state/format";
import { ColumnChooser } from "@/table/column-chooser";
import { FilterBar } from "@/table/filter-bar";
import { ExperimentCrumb } from "@/ui/breadcrumb";
import { CopyButton } from "@/ui/copy";
import { Choice } from "@/ui/fields";
import { Snippets } from "@/ui/snippets";
import { EmptyState, ErrorState, Skeleton } from "@/ui/state-views";
import { useWorkspace } from "@/workspace/use-workspace";
import { useCrumbs } from "../shell";
import { BulkBar } from "./bulk-bar";
import { useNames } from "./names";
import { RunCharts } from "./run-charts";
import { RunsTable } from "./runs-table";
import { Split } from "./split";
import { arrange, flat } from "./tree";
import { useView } from "./view";

const noNames: readonly string[] = [];
const charted = 10;
const most = 100;

export function ExperimentPage() {
  const { experimentId } = useParams({ strict: false }) as { experimentId: string };
  const experiment = useExperiment(experimentId);
  const { keys, columns, facts, ready } = useNames(experimentId);
  const view = useView(experimentId, columns);
  const runs = useRuns(view.query, ready);
  const workspace = useWorkspace(experimentId);
  const frame = useRef<HTMLDivElement>(null);
  const wide = useWidth(frame) >= 960;
  useCrumbs(experiment.data?.name ?? "", <ExperimentCrumb id={experimentId} name={experiment.data?.name} current />);

  useFollow({ experiments: [experimentId] }, 250, async (changed) => {
    const isNew = changed.all || [...changed.runs.values()].some((kinds) => kinds.has("created"));
    await Promise.all([
      refreshRows(view.query, changed),
      refreshFrames(changed),
      isNew && client.invalidateQueries({ queryKey: queryKeys.experiment(experimentId) }),
    ]);
  });

  const rows = useMemo(() => {
    const seen = new Set<string>();
    return (runs.data?.pages ?? [])
      .flatMap((page) => page.runs)
      .filter((row) => !seen.has(row.info.id) && seen.add(row.info.id));
  }, [runs.data]);
  const tree = useMemo(
    () => (view.sort.length === 0 ? arrange(rows, view.folded) : flat(rows)),
    [rows, view.sort, view.folded],
  );
  const mode = wide ? view.mode : view.mode === "charts" ? "charts" : "table";
  const shownRuns = useMemo(() => {
    const names = new Map(rows.map((row) => [row.info.id, row.info.name]));
    const ids =
      view.selected.length > 0 ? view.selected.slice(0, most) : tree.slice(0, charted).map(({ row }) => row.info.id);
    return ids.map((id) => ({ id, name: names.get(id) ?? id }));
  }, [rows, tree, view.selected]);
  const total = runs.data?.pages[0]?.total;
  const exact = runs.data?.pages[0]?.totalIsExact ?? true;
  const everything = view.everything;
  const source = useMemo(
    (): RunSource =>
      everything
        ? {
            kind: "search",
            search: {
              experimentIds: [experimentId],
              filter: view.filter,
              orderBy: view.query.orderBy,
              lifecycle: view.lifecycle,
            },
            count: total ?? 0,
            exact,
            groupBy: view.groupBy,
          }
        : { kind: "runs", ids: shownRuns.map((run) => run.id), groupBy: view.groupBy },
    [everything, experimentId, view.filter, view.query, view.lifecycle, total, exact, view.groupBy, shownRuns],
  );
  const styles = useMemo(
    () => (mode === "table" ? new Map() : styleRuns(shownRuns.map((run) => run.id))),
    [mode, shownRuns],
  );

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

  const filterError = runs.error instanceof ApiError && runs.error.status === 400 ? runs.error.message : undefined;
  const unread = failureOf(runs);
  const nothing = runs.isSuccess && !runs.isPlaceholderData && rows.length === 0;
  const untouched = view.filter === "" && view.lifecycle === "active";

  const countText =
    total !== undefined && !runs.isPlaceholderData
      ? `${formatCount(total)}${exact ? "" : "+"} ${total === 1 ? "run" : "runs"}`
      : "";

  const table =
    unread && filterError === undefined ? (
      <ErrorState what="The runs could not be read" error={unread} onRetry={() => void runs.refetch()} />
    ) : runs.isPending && filterError === undefined ? (
      <TableSkeleton />
    ) : rows.length === 0 ? (
      <EmptyState
        title={
          filterError
            ? "The filter has an error"
            : view.lifecycle === "deleted"
              ? "No run is deleted"
              : "No run matches the filter"
        }
      />
    ) : (
      <RunsTable
        view={view}
        rows={tree}
        hasMore={runs.hasNextPage}
        onMore={() => !runs.isFetchingNextPage && void runs.fetchNextPage()}
        styles={styles}
        narrow={!wide}
        className="h-full"
      />
    );
  const charts = (
    <RunCharts
      source={source}
      metrics={keys.data?.metrics ?? noNames}
      params={keys.data?.params ?? noNames}
      tags={keys.data?.tags ?? noNames}
      runs={shownRuns}
      facts={facts}
      workspace={workspace}
      onFilter={(condition) => view.setFilter(view.filter ? `(${view.filter}) and ${condition}` : condition)}
      note={
        everything
          ? undefined
          : view.selected.length === 0
            ? tree.length > charted
              ? `First ${charted} runs; select others in the table`
              : undefined
            : view.selected.length > most
              ? `First ${most} of ${view.selected.length} selected runs`
              : undefined
      }
    />
  );

  return (
    <div ref={frame} className="flex h-[calc(100dvh-3rem)] flex-col">
      <div className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3 sm:px-5">
        <h1 className="min-w-0 truncate text-lg font-semibold tracking-tight">
          {experiment.data?.name ?? <Skeleton className="h-6 w-48" />}
        </h1>
        <CopyButton
          text={experimentId}
          label="Copy the experiment id"
          className="text-ink-3"
        >{`id ${experimentId}`}</CopyButton>
        <span className="num text-xs text-ink-3 sm:hidden">{countText}</span>
        <span className="grow" />
        {view.selected.length > 0 && (
          <BulkBar
            experimentId={experimentId}
            selected={view.selected}
            lifecycle={view.lifecycle}
            onSelect={view.setSelected}
          />
        )}
      </div>
      {nothing && untouched ? (
        <FirstRun name={experiment.data?.name ?? ""} />
      ) : (
        <>
          <div className="flex flex-wrap items-start gap-2 px-4 pb-3 sm:px-5">
            <div className="w-full min-w-0 grow sm:w-auto">
              <FilterBar value={view.filter} keys={keys.data} error={filterError} onApply={view.setFilter} />
            </div>
            <span
              className="num flex h-8 items-center whitespace-nowrap px-1 text-xs text-ink-3 max-sm:hidden"
              aria-live="polite"
            >
              {countText}
            </span>
            <Choice
              label="Which runs"
              value={view.lifecycle}
              onChange={(life) => view.change({ life: life === "deleted" ? life : undefined, sel: undefined })}
              options={[
                ["active", "Active"],
                ["deleted", "Deleted"],
              ]}
            />
            <Choice
              label="View"
              value={mode}
              onChange={(next) => view.change({ view: next === "split" ? undefined : next })}
              options={
                wide
                  ? [
                      ["split", "Split"],
                      ["table", "Table"],
                      ["charts", "Charts"],
                    ]
                  : [
                      ["table", "Table"],
                      ["charts", "Charts"],
                    ]
              }
            />
            <ColumnChooser keys={keys.data} shown={view.columns} pinned={view.pinned} onChange={view.setColumns} />
          </div>
          <div className="min-h-0 grow border-t border-line">
            {mode === "split" ? (
              <Split left={table} right={charts} />
            ) : mode === "table" ? (
              table
            ) : (
              <div className="h-full overflow-auto">{charts}</div>
            )}
          </div>
        </>
      )}
    </div>
  );
}

const TableSkeleton = () => (
  <div className="space-y-2.5 bg-surface p-4">
    {Array.from({ length: 14 }, (_, row) => (
      <Skeleton key={String(row)} className="h-6" />
    ))}
  </div>
);

const FirstRun = ({ name }: { name: string }) => (
  <div className="mx-auto w-full max-w-2xl overflow-auto px-4 py-10">
    <h2 className="text-lg font-semibold">No runs yet</h2>
    <p className="mt-1 mb-4 text-ink-2">Log one from where you train. It appears here as soon as it starts.</p>
    <Snippets experiment={name} />
  </div>
);
