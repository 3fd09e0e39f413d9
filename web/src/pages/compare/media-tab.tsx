import { useMemo, useState } from "react";
import { useComparedMedia, useSharedMediaKeys } from "@/api/media";
import { failureOf } from "@/api/queries";
import type { MediaItem, MediaKey, RunRow } from "@/api/types";
import { colourVariable, styleRuns } from "@/charts/prepare/colours";
import { HistogramView } from "@/media/histogram-view";
import { MediaItemView } from "@/media/media-item";
import { histogramOf } from "@/media/shapes";
import { formatNumber } from "@/state/format";
import { useAddress } from "@/state/search";
import { cx } from "@/ui/classes";
import { EmptyState, ErrorState, Skeleton } from "@/ui/state-views";

/** What the runs logged to be looked at, side by side at one step. */
export function MediaTab({ rows }: { rows: readonly RunRow[] }) {
  const ids = useMemo(() => rows.map((row) => row.info.id), [rows]);
  const keys = useSharedMediaKeys(ids);
  const [search, change] = useAddress();
  const names = useMemo(() => [...new Set(keys.data?.map((one) => one.key) ?? [])].sort(), [keys.data]);
  const failure = failureOf(keys);
  if (failure)
    return <ErrorState what="The media could not be read" error={failure} onRetry={() => void keys.refetch()} />;
  if (!keys.data) return <Skeleton className="mx-4 my-5 h-72 sm:mx-6" />;
  const open = names.includes(search.media ?? "") ? (search.media ?? "") : names[0];
  const media = keys.data.filter((one) => one.key === open);
  if (open === undefined || media.length === 0)
    return (
      <EmptyState title="Nothing to look at yet" className="py-16">
        Pictures, tables and other things that these runs log at their steps appear here side by side.
      </EmptyState>
    );
  return (
    <div className="px-4 py-5 sm:px-6">
      <label className="flex w-fit items-center gap-2 text-ink-2">
        Key
        <select
          value={open}
          onChange={(event) => change({ media: event.target.value }, true)}
          className="h-8 max-w-72 rounded-md border border-line-strong bg-surface px-2 text-sm text-ink"
        >
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <AtStep key={open} rows={rows} ids={ids} media={media} />
    </div>
  );
}

function AtStep({ rows, ids, media }: { rows: readonly RunRow[]; ids: readonly string[]; media: MediaKey[] }) {
  const key = media[0]?.key ?? "";
  const least = Math.min(...media.map((one) => one.firstStep));
  const most = Math.max(...media.map((one) => one.lastStep));
  const [step, setStep] = useState<number>();
  const found = useComparedMedia(ids, key, step);
  const styles = useMemo(() => styleRuns(ids), [ids]);
  const failure = failureOf(found);
  const at = step ?? most;
  return (
    <>
      {most > least && (
        <label className="mt-3 flex max-w-xl items-center gap-3 text-xs text-ink-2">
          <span className="num w-28 shrink-0">up to step {formatNumber(at, 8)}</span>
          <input
            type="range"
            aria-label={`Step of ${key}`}
            min={least}
            max={most}
            step="any"
            value={at}
            onChange={(event) => setStep(stepOf(Number(event.target.value), most - least))}
            className="min-w-0 grow accent-accent"
          />
        </label>
      )}
      {failure ? (
        <ErrorState what="The media could not be read" error={failure} onRetry={() => void found.refetch()} />
      ) : !found.data ? (
        <Skeleton className="mt-4 h-72" />
      ) : (
        <ul
          className={cx(
            "mt-4 grid grid-cols-[repeat(auto-fill,minmax(min(100%,18rem),1fr))] gap-3",
            found.isPlaceholderData && "opacity-60",
          )}
        >
          {found.data.map(({ runId, items }) => {
            const name = rows.find((row) => row.info.id === runId)?.info.name ?? runId;
            return (
              <li key={runId} className="min-w-0 overflow-hidden rounded-lg border border-line bg-surface shadow-card">
                <p className="flex h-9 items-center gap-2 border-b border-line px-3 text-xs">
                  <span
                    aria-hidden="true"
                    className="size-2.5 shrink-0 rounded-full"
                    style={{ background: colourVariable(styles.get(runId)) }}
                  />
                  <span className="min-w-0 grow truncate font-medium" title={name}>
                    {name}
                  </span>
                  {items[0] && <span className="num text-ink-3">step {formatNumber(items[0].step, 8)}</span>}
                </p>
                {items.length === 0 ? (
                  <EmptyState title="Nothing up to this step" />
                ) : (
                  items.map((item) => <One key={item.id} runId={runId} item={item} />)
                )}
              </li>
            );
          })}
        </ul>
      )}
    </>
  );
}

/** Whole steps where there are many, so that a slider asks for steps that can be. */
const stepOf = (value: number, span: number): number => (span >= 10 ? Math.round(value) : value);

function One({ runId, item }: { runId: string; item: MediaItem }) {
  const histogram = item.type === "histogram" ? histogramOf(item.data) : undefined;
  return (
    <figure className="min-w-0">
      {histogram ? (
        <HistogramView title={item.key} items={[{ step: item.step, histogram }]} place={0} onPlace={() => undefined} />
      ) : (
        <MediaItemView runId={runId} item={item} />
      )}
      {item.caption && <figcaption className="px-3 py-1.5 text-xs text-ink-2">{item.caption}</figcaption>}
    </figure>
  );
}
