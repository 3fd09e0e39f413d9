import { passes } from "@/api/http";
import type { RunStyle } from "@/charts/prepare/colours";
import { Button } from "@/ui/button";
import { cx } from "@/ui/classes";
import { Snippets } from "@/ui/snippets";
import { EmptyState, ErrorState, Skeleton } from "@/ui/state-views";
import { RunsTable } from "./runs-table";
import type { Facts } from "./use-facts";
import type { TableRows } from "./use-table-rows";
import type { View } from "./view";

interface RunsPaneProps {
  view: View;
  rows: TableRows;
  facts: Facts;
  styles: ReadonlyMap<string, RunStyle>;
  narrow: boolean;
  filterError: string | undefined;
  /** Whether it is known which columns are shown, so that none comes in later. */
  columnsKnown: boolean;
  /** The experiment's name, for whoever logs a first run. */
  name: string;
}

/** The table of runs, or why there is none. */
export function RunsPane({ view, rows, facts, styles, narrow, filterError, columnsKnown, name }: RunsPaneProps) {
  const { source } = rows;
  if (rows.error !== undefined && !source.ready && filterError === undefined)
    return (
      <ErrorState
        what="The runs could not be read"
        error={rows.error}
        {...(passes(rows.error) ? {} : { onRetry: () => void source.refresh() })}
      />
    );
  if (!source.ready) return filterError ? <Wrong view={view} /> : <TableSkeleton />;
  if (rows.untouched) return <FirstRun name={name} />;
  if (!columnsKnown) return <TableSkeleton />;
  if (source.length === 0) return filterError ? <Wrong view={view} /> : <NoRuns view={view} />;
  return (
    <div
      aria-busy={!rows.fresh}
      className={cx("h-full transition-opacity", !rows.fresh && filterError === undefined && "opacity-60")}
    >
      <RunsTable view={view} rows={source} facts={facts} styles={styles} narrow={narrow} className="h-full" />
    </div>
  );
}

const Wrong = ({ view }: { view: View }) => (
  <EmptyState title="The filter has an error">
    <Button onClick={() => view.setFilter("")}>Clear the filter</Button>
  </EmptyState>
);

function NoRuns({ view }: { view: View }) {
  if (view.filter !== "")
    return (
      <EmptyState title="No run matches the filter">
        <Button onClick={() => view.setFilter("")}>Clear the filter</Button>
      </EmptyState>
    );
  return (
    <EmptyState title={`No run is ${view.lifecycle}`}>
      <Button onClick={() => view.change({ life: undefined })}>Show the active runs</Button>
    </EmptyState>
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
  <div className="mx-auto h-full w-full max-w-2xl overflow-auto px-4 py-10">
    <h2 className="text-lg font-semibold">No runs yet</h2>
    <p className="mt-1 mb-4 text-ink-2">Log one from where you train. It appears here as soon as it starts.</p>
    <Snippets experiment={name} />
  </div>
);
