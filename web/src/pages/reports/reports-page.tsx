import { Link, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { failureOf, useExperiments } from "@/api/queries";
import { createReport, useReports } from "@/api/reports";
import { useStars } from "@/api/stars";
import type { Lifecycle, Report } from "@/api/types";
import { useAddress } from "@/state/search";
import { oneOf } from "@/state/url";
import { Button } from "@/ui/button";
import { Choice, SearchField } from "@/ui/fields";
import { StarButton } from "@/ui/star";
import { EmptyState, ErrorState, Skeleton } from "@/ui/state-views";
import { Ago } from "@/ui/time";
import { notifyError } from "@/ui/toast";
import { useCrumbs } from "../shell";
import { arrange } from "./arrange";

const first = `What was the question, and what came out of it?

Insert charts, tables, runs and values where the text speaks of them: they show what is stored when somebody reads this.
`;

/** All reports, starred ones first, then the one saved last. */
export function ReportsPage() {
  const [search, change] = useAddress();
  const lifecycle = oneOf(search.life, ["active", "archived", "deleted"]);
  const reports = useReports(lifecycle);
  const stars = useStars("report");
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  useCrumbs("Reports", <span className="truncate font-medium text-ink md:hidden">Reports</span>);

  const begin = async () => {
    setBusy(true);
    try {
      const made = await createReport({ title: "Untitled report", body: first });
      await navigate({ to: "/reports/$reportId", params: { reportId: made.id }, search: { edit: "1" } });
    } catch (cause) {
      notifyError("The report could not be made", cause);
    }
    setBusy(false);
  };

  const failure = failureOf(reports);
  const all = (reports.data?.pages ?? []).flatMap((page) => page.reports);
  const shown = arrange(all, search.q ?? "", new Set(stars.data));
  return (
    <div className="mx-auto max-w-5xl px-4 py-6 sm:px-6">
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <h1 className="grow text-xl font-semibold tracking-tight">Reports</h1>
        <div data-shortcut="/" className="w-full sm:w-60">
          <SearchField label="Search titles" value={search.q ?? ""} onChange={(q) => change({ q }, true)} />
        </div>
        <Choice
          label="Which reports"
          value={lifecycle}
          onChange={(life) => change({ life: life === "active" ? undefined : life })}
          options={[
            ["active", "Active"],
            ["archived", "Archived"],
            ["deleted", "Deleted"],
          ]}
        />
        <Button look="primary" disabled={busy} onClick={() => void begin()}>
          <Plus />
          New report
        </Button>
      </div>
      {failure ? (
        <ErrorState what="The reports could not be read" error={failure} onRetry={() => void reports.refetch()} />
      ) : !reports.data ? (
        <Skeleton className="h-48" />
      ) : shown.length === 0 ? (
        <Nothing searched={(search.q ?? "").trim() !== ""} lifecycle={lifecycle} />
      ) : (
        <ReportList reports={shown} />
      )}
      {reports.hasNextPage && (
        <Button className="mt-3" disabled={reports.isFetchingNextPage} onClick={() => void reports.fetchNextPage()}>
          Show older reports
        </Button>
      )}
    </div>
  );
}

const Nothing = ({ searched, lifecycle }: { searched: boolean; lifecycle: Lifecycle }) => (
  <EmptyState
    title={
      searched
        ? "No report is called like that"
        : lifecycle === "active"
          ? "No reports yet"
          : `No report is ${lifecycle}`
    }
    className="rounded-lg border border-line bg-surface py-16"
  >
    {!searched && lifecycle === "active" && (
      <p>
        A report is a page of text with live charts, tables and values in between. Every version stays, and one file of
        it opens offline.
      </p>
    )}
  </EmptyState>
);

function ReportList({ reports }: { reports: readonly Report[] }) {
  const experiments = useExperiments("active");
  const names = new Map(
    (experiments.data?.pages ?? []).flatMap((page) => page.experiments).map((one) => [one.id, one.name]),
  );
  return (
    <ul className="divide-y divide-line rounded-lg border border-line bg-surface shadow-card">
      {reports.map(({ id, experimentId, newest }) => (
        <li
          key={id}
          className="relative flex min-h-12 items-center gap-2 py-2 pr-4 pl-2 transition-colors hover:bg-hover/60"
        >
          <span className="relative z-10">
            <StarButton kind="report" id={id} name={newest.title} />
          </span>
          <Link
            to="/reports/$reportId"
            params={{ reportId: id }}
            className="min-w-0 grow truncate rounded-sm font-medium after:absolute after:inset-0"
          >
            {newest.title}
          </Link>
          {experimentId && (
            <span className="hidden max-w-48 truncate text-ink-2 sm:inline">{names.get(experimentId)}</span>
          )}
          <span className="num hidden w-20 text-right text-ink-3 sm:inline">version {newest.number}</span>
          <Ago time={newest.savedAt} className="w-24 shrink-0 text-right text-ink-2" />
        </li>
      ))}
    </ul>
  );
}
