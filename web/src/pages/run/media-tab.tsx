import { useState } from "react";
import { useMediaKeys } from "@/api/media";
import { failureOf } from "@/api/queries";
import type { MediaKey } from "@/api/types";
import { matchKeys } from "@/charts/prepare/groups";
import { MediaCard } from "@/media/media-card";
import { formatCount, formatNumber } from "@/state/format";
import { useLocal } from "@/state/local";
import { useAddress } from "@/state/search";
import { Button } from "@/ui/button";
import { CheckBox, SearchField } from "@/ui/fields";
import { EmptyState, ErrorState, Skeleton } from "@/ui/state-views";

const cardsAtOnce = 60;
const byName = (a: MediaKey, b: MediaKey) => a.key.localeCompare(b.key, "en", { numeric: true });

/** Pictures, tables, histograms and other things that a run logged at steps, a card a key. The address holds the step and the search. */
export function MediaTab({ runId }: { runId: string }) {
  const keys = useMediaKeys(runId);
  const [search, change] = useAddress();
  const [together, setTogether] = useLocal("media.together", true);
  const [shown, setShown] = useState(cardsAtOnce);
  const failure = failureOf(keys);
  if (failure)
    return <ErrorState what="The media could not be read" error={failure} onRetry={() => void keys.refetch()} />;
  if (!keys.data) return <Skeleton className="m-6 h-96" />;
  const all = keys.data;
  if (all.length === 0)
    return (
      <EmptyState title="Nothing to look at yet" className="py-20">
        Pictures, sound, tables, histograms, confusion matrices and figures that the run logs at its steps appear here.
      </EmptyState>
    );
  const step = search.step === undefined || Number.isNaN(Number(search.step)) ? undefined : Number(search.step);
  const match = matchKeys([...new Set(all.map((one) => one.key))], search.media ?? "");
  const wanted = new Set(match.keys);
  const cards = all.filter((one) => wanted.has(one.key)).sort(byName);
  return (
    <div className="px-4 py-5 sm:px-6">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div data-shortcut="/" className="w-full sm:w-64">
          <SearchField
            label="Search keys"
            hint="Text, or a regular expression"
            value={search.media ?? ""}
            onChange={(media) => change({ media }, true)}
            invalid={match.error !== undefined}
          />
        </div>
        <CheckBox
          label="All at one step"
          checked={together}
          onChange={(event) => setTogether(event.target.checked)}
          className="text-ink-2"
        />
        {together && step !== undefined && (
          <span className="flex items-center gap-2 text-ink-2">
            step <span className="num">{formatNumber(step, 10)}</span>
            <Button look="ghost" className="h-7" onClick={() => change({ step: undefined }, true)}>
              Show the last
            </Button>
          </span>
        )}
      </div>
      {match.keys.length === 0 && <EmptyState title="No key is called like that" />}
      <div className="mt-4 grid grid-cols-[repeat(auto-fill,minmax(min(100%,26rem),1fr))] gap-3">
        {cards.slice(0, shown).map((media) => (
          <MediaCard
            key={`${media.key} ${media.type}`}
            runId={runId}
            media={media}
            step={step}
            onStep={(next) => change({ step: String(next) }, true)}
            together={together}
          />
        ))}
      </div>
      {cards.length > shown && (
        <Button className="mt-3" onClick={() => setShown(shown + cardsAtOnce)}>
          Show more, {formatCount(cards.length - shown)} left
        </Button>
      )}
    </div>
  );
}
