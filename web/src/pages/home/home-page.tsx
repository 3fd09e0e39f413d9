import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { createExperiment } from "@/api/calls";
import { useFollow } from "@/api/follow";
import { failureOf, keys, renew, useExperiments } from "@/api/queries";
import { useStars } from "@/api/stars";
import { plural } from "@/state/format";
import { useAddress } from "@/state/search";
import { decodeSort, oneOf } from "@/state/url";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Choice, SearchField, TextField } from "@/ui/fields";
import { Snippets } from "@/ui/snippets";
import { EmptyState, ErrorState, Skeleton } from "@/ui/state-views";
import { useCrumbs } from "../shell";
import { arrange } from "./arrange";
import { ExperimentTable } from "./experiment-table";
import { RunLists, recentKey } from "./run-lists";

export function HomePage() {
  const [search, change] = useAddress();
  const lifecycle = oneOf(search.life, ["active", "archived", "deleted"]);
  const stars = useStars("experiment");
  const list = useExperiments(lifecycle);
  const failure = failureOf(list);
  const [creating, setCreating] = useState(false);
  useCrumbs("", null);
  useFollow({}, 1500, () => Promise.all([renew({ queryKey: keys.experiments }), renew({ queryKey: recentKey })]));

  const all = list.data?.pages.flatMap((page) => page.experiments) ?? [];
  const wanted = useDeferredValue(search.q ?? "");
  const sort = decodeSort(search.sort)[0] ?? { field: "activity", descending: true };
  const shown = arrange(all, wanted, sort, new Set(stars.data));
  const isNew =
    lifecycle === "active" && list.isSuccess && !list.hasNextPage && all.every((one) => (one.summary?.runs ?? 0) === 0);

  return (
    <div className="mx-auto max-w-6xl px-4 py-6 sm:px-6 sm:py-8">
      <div className="flex flex-wrap items-center gap-3">
        <div className="min-w-0 grow">
          <h1 className="text-xl font-semibold tracking-tight">Experiments</h1>
        </div>
        <div data-shortcut="/" className="order-last w-full sm:order-none sm:w-64">
          <SearchField label="Search experiments" value={search.q ?? ""} onChange={(q) => change({ q }, true)} />
        </div>
        <Choice
          label="Which experiments"
          value={lifecycle}
          onChange={(life) => change({ life: life === "active" ? undefined : life })}
          options={[
            ["active", "Active"],
            ["archived", "Archived"],
            ["deleted", "Deleted"],
          ]}
        />
        <Button look="primary" onClick={() => setCreating(true)}>
          <Plus />
          New experiment
        </Button>
      </div>

      {isNew && <Welcome />}
      <div className="mt-5">
        {failure ? (
          <ErrorState what="The experiments could not be read" error={failure} onRetry={() => void list.refetch()} />
        ) : list.isPending ? (
          <div className="space-y-px overflow-hidden rounded-lg border border-line bg-surface p-3">
            {[0, 1, 2, 3, 4].map((row) => (
              <Skeleton key={row} className="my-2 h-7" />
            ))}
          </div>
        ) : shown.length === 0 ? (
          <EmptyState
            title={
              wanted
                ? "No experiment has that in its name or tags"
                : lifecycle === "active"
                  ? "No experiments yet"
                  : `Nothing is ${lifecycle}`
            }
          />
        ) : (
          <ExperimentTable experiments={shown} sort={sort} onSort={(next) => change({ sort: next })} />
        )}
        {list.hasNextPage && (
          <div className="mt-3 flex items-center justify-center gap-3 text-ink-2">
            <span>{plural(all.length, "experiment")} read, there are more.</span>
            <Button onClick={() => void list.fetchNextPage()} disabled={list.isFetchingNextPage}>
              Read more
            </Button>
          </div>
        )}
      </div>
      {!isNew && lifecycle === "active" && wanted === "" && <RunLists experiments={all} />}
      <CreateDialog open={creating} onClose={() => setCreating(false)} />
    </div>
  );
}

function Welcome() {
  return (
    <section className="mt-6 grid gap-x-10 gap-y-5 rounded-lg border border-line bg-surface p-5 sm:p-6 lg:grid-cols-[17rem_minmax(0,1fr)]">
      <div>
        <h2 className="text-lg font-semibold">Log a first run</h2>
        <p className="mt-2 text-ink-2">
          Keep the client you have and point it at this server, or start with one of these. The run appears here while
          it trains: no reload, no account.
        </p>
        <ol className="mt-4 space-y-2 text-ink-2">
          {["Copy a snippet", "Run it where you train", "Watch the curve on this page"].map((step, index) => (
            <li key={step} className="flex gap-2.5">
              <span className="grid size-5 shrink-0 place-items-center rounded-full bg-accent-soft text-2xs font-semibold text-accent">
                {index + 1}
              </span>
              {step}
            </li>
          ))}
        </ol>
      </div>
      <Snippets experiment="quickstart" />
    </section>
  );
}

function CreateDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [name, setName] = useState("");
  const [error, setError] = useState<string>();
  const navigate = useNavigate();
  const create = async () => {
    try {
      const made = await createExperiment(name.trim());
      await renew({ queryKey: keys.experiments });
      setName("");
      onClose();
      void navigate({ to: "/experiments/$experimentId", params: { experimentId: made.id } });
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause));
    }
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="New experiment"
      description="A named set of runs. Clients also make experiments by themselves when they log to a new name."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <label className="block text-sm font-medium" htmlFor="experiment-name">
          Name
        </label>
        <TextField
          id="experiment-name"
          className="mt-1.5"
          value={name}
          maxLength={500}
          autoFocus
          aria-invalid={error !== undefined}
          onChange={(event) => {
            setName(event.target.value);
            setError(undefined);
          }}
        />
        <p role="alert" className="mt-1 min-h-5 text-xs text-bad">
          {error}
        </p>
        <div className="mt-3 flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={name.trim() === ""}>
            Create
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
