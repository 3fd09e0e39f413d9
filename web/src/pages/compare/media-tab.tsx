import { useMemo, useState } from "react";
import { useComparedMedia, useSharedMediaKeys } from "@/api/media";
import { failureOf } from "@/api/queries";
import type { MediaKey, RunRow } from "@/api/types";
import { styleRuns } from "@/charts/prepare/colours";
import { SideBySide, StepSlider } from "@/media/side-by-side";
import { useAddress } from "@/state/search";
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
  const names = useMemo(() => new Map(rows.map((row) => [row.info.id, row.info.name])), [rows]);
  const failure = failureOf(found);
  const at = step ?? most;
  return (
    <>
      {most > least && (
        <StepSlider name={key} least={least} most={most} at={at} onStep={setStep} className="mt-3 max-w-xl text-xs" />
      )}
      {failure ? (
        <ErrorState what="The media could not be read" error={failure} onRetry={() => void found.refetch()} />
      ) : !found.data ? (
        <Skeleton className="mt-4 h-72" />
      ) : (
        <SideBySide
          found={found.data}
          names={names}
          styles={styles}
          least={288}
          old={found.isPlaceholderData}
          className="mt-4 gap-3"
        />
      )}
    </>
  );
}
