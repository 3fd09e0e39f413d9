import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { searchRuns } from "@/api/calls";
import type { ExperimentInfo } from "@/api/types";
import { Status } from "@/ui/status";
import { Ago, Duration } from "@/ui/time";

export const recentKey = ["recent"] as const;

/** The newest runs of all experiments: what trains now comes first by itself. */
export function RecentRuns({ experiments }: { experiments: readonly ExperimentInfo[] }) {
  const recent = useQuery({
    queryKey: recentKey,
    queryFn: ({ signal }) =>
      searchRuns({ limit: 8, orderBy: ["start_time desc"], columns: { metrics: [], params: [], tags: [] } }, signal),
  });
  const runs = recent.data?.runs ?? [];
  if (runs.length === 0) return null;
  const names = new Map(experiments.map((one) => [one.id, one.name]));
  return (
    <section className="mt-8" aria-labelledby="recent-runs">
      <h2 id="recent-runs" className="mb-3 text-base font-semibold">
        Recent runs
      </h2>
      <ul className="divide-y divide-line rounded-lg border border-line bg-surface shadow-card">
        {runs.map(({ info }) => (
          <li
            key={info.id}
            className="relative grid h-10 grid-cols-[minmax(0,1fr)_6.5rem] items-center gap-3 px-4 transition-colors hover:bg-hover/60 sm:grid-cols-[minmax(0,3fr)_minmax(0,2fr)_6.5rem_6rem_6rem]"
          >
            <Link
              to="/runs/$runId"
              params={{ runId: info.id }}
              className="truncate rounded-sm font-medium after:absolute after:inset-0"
            >
              {info.name}
            </Link>
            <span className="hidden truncate text-ink-2 sm:inline">{names.get(info.experimentId)}</span>
            <Status status={info.status} />
            <span className="hidden text-right text-ink-2 sm:inline">
              <Duration run={info} />
            </span>
            <Ago time={info.startTime} className="hidden text-right text-ink-2 sm:inline" />
          </li>
        ))}
      </ul>
    </section>
  );
}
