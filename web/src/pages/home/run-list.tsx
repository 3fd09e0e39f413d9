import { Link } from "@tanstack/react-router";
import type { RunInfo } from "@/api/types";
import { cx } from "@/ui/classes";
import { StarButton } from "@/ui/star";
import { Status } from "@/ui/status";
import { Ago, Duration } from "@/ui/time";

interface RunListProps {
  title: string;
  runs: readonly RunInfo[];
  /** Names of experiments by id. */
  experiments: ReadonlyMap<string, string>;
  /** Beside another list: what does not fit is left out. */
  narrow?: boolean;
}

/** A few runs of any experiment, under a heading. */
export function RunList({ title, runs, experiments, narrow = false }: RunListProps) {
  return (
    <section aria-label={title} className="min-w-0">
      <h2 className="mb-3 text-base font-semibold">{title}</h2>
      <ul className="divide-y divide-line rounded-lg border border-line bg-surface shadow-card">
        {runs.map((run) => (
          <li
            key={run.id}
            className={cx(
              "relative grid h-10 items-center gap-3 pr-4 pl-2 transition-colors hover:bg-hover/60",
              narrow
                ? "grid-cols-[1.75rem_minmax(0,1fr)_5.5rem_4.5rem]"
                : "grid-cols-[1.75rem_minmax(0,1fr)_6.5rem] sm:grid-cols-[1.75rem_minmax(0,3fr)_minmax(0,2fr)_6.5rem_6rem_6rem]",
            )}
          >
            <span className="relative z-10">
              <StarButton kind="run" id={run.id} name={run.name} />
            </span>
            <Link
              to="/runs/$runId"
              params={{ runId: run.id }}
              title={`${run.name}, ${experiments.get(run.experimentId) ?? ""}`}
              className="truncate rounded-sm font-medium after:absolute after:inset-0"
            >
              {run.name}
            </Link>
            {!narrow && (
              <span className="hidden truncate text-ink-2 sm:inline">{experiments.get(run.experimentId)}</span>
            )}
            <Status status={run.status} />
            <span className={cx("text-right text-ink-2", !narrow && "hidden sm:inline")}>
              <Duration run={run} />
            </span>
            {!narrow && <Ago time={run.startTime} className="hidden text-right text-ink-2 sm:inline" />}
          </li>
        ))}
      </ul>
    </section>
  );
}
