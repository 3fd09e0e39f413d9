import { type ReactNode, useMemo, useRef, useState } from "react";
import { useMediaItems } from "@/api/media";
import { failureOf } from "@/api/queries";
import type { MediaItem, MediaKey } from "@/api/types";
import { useVisible } from "@/charts/draw/use-size";
import { formatCount, formatNumber, plural } from "@/state/format";
import { ErrorState, Skeleton } from "@/ui/state-views";
import { Ago } from "@/ui/time";
import { HistogramView } from "./histogram-view";
import { placeOf } from "./measures";
import { MediaItemView } from "./media-item";
import { histogramOf } from "./shapes";

interface MediaCardProps {
  runId: string;
  media: MediaKey;
  /** The step that is looked at in all cards; absent: the last one. */
  step: number | undefined;
  onStep: (step: number) => void;
  /** Whether every card looks at the same step. */
  together: boolean;
}

/** What lies under one key, step by step. */
export function MediaCard(props: MediaCardProps) {
  const { media } = props;
  const place = useRef<HTMLElement>(null);
  const near = useVisible(place, 600);
  // What was once seen stays: cards have the height of their content, and would push each other away.
  const [seen, setSeen] = useState(false);
  if (near && !seen) setSeen(true);
  return (
    <section
      ref={place}
      aria-label={media.key}
      className="flex min-h-64 min-w-0 flex-col rounded-lg border border-line bg-surface shadow-card"
    >
      <header className="flex h-10 items-center gap-3 border-b border-line px-4">
        <h3 className="min-w-0 truncate text-sm font-semibold" title={media.key}>
          {media.key}
        </h3>
        <span className="text-xs text-ink-3">
          {media.type.replace("-", " ").replace(/^(roc|pr)$/, (name) => name.toUpperCase())}
        </span>
        <span className="grow" />
        <span className="num whitespace-nowrap text-xs text-ink-3">
          {plural(media.count, "item")}, <Ago time={media.lastTime} />
        </span>
      </header>
      {seen ? <Body {...props} /> : <div className="grow" />}
    </section>
  );
}

function Body({ runId, media, step, onStep, together }: MediaCardProps) {
  const query = useMediaItems(runId, media);
  const [own, setOwn] = useState<number>();
  const steps = useMemo(() => [...new Set(query.data?.items.map((item) => item.step) ?? [])], [query.data]);
  const failure = failureOf(query);
  if (failure)
    return <ErrorState what="These could not be read" error={failure} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Skeleton className="m-4 h-40" />;
  const { items, covers } = query.data;
  const place = placeOf(steps, together ? step : own);
  const go = (next: number) => {
    const to = steps[Math.max(0, Math.min(steps.length - 1, next))];
    if (to === undefined) return;
    setOwn(to);
    if (together) onStep(to);
  };
  const shown = items.filter((item) => item.step === steps[place]);
  const more = covers && covers.steps > steps.length;
  return (
    <>
      <div className="min-h-0 grow overflow-hidden">
        {media.type === "histogram" ? (
          <Histograms media={media} items={items} step={steps[place] ?? 0} onStep={(at) => go(steps.indexOf(at))} />
        ) : (
          <div
            className={
              shown.length > 1
                ? "grid grid-cols-[repeat(auto-fit,minmax(min(100%,11rem),1fr))] gap-px bg-line"
                : "h-full"
            }
          >
            {shown.map((item) => (
              <Captioned key={item.id} caption={item.caption}>
                <MediaItemView runId={runId} item={item} />
              </Captioned>
            ))}
          </div>
        )}
      </div>
      {steps.length > 1 && (
        <footer className="flex items-center gap-3 border-t border-line px-4 py-2 text-xs text-ink-2">
          <label className="flex min-w-0 grow items-center gap-3">
            <span className="num w-24 shrink-0">step {formatNumber(steps[place] ?? 0, 8)}</span>
            <input
              type="range"
              aria-label={`Step of ${media.key}`}
              aria-valuetext={`step ${steps[place]}`}
              min={0}
              max={steps.length - 1}
              value={place}
              onChange={(event) => go(Number(event.target.value))}
              className="min-w-0 grow accent-accent"
            />
          </label>
          {more && (
            <span
              className="num whitespace-nowrap text-ink-3"
              title="Spread evenly; the first and the last are among them"
            >
              {formatCount(steps.length)} of {formatCount(covers.steps)} steps
            </span>
          )}
        </footer>
      )}
    </>
  );
}

const Captioned = ({ caption, children }: { caption: string | undefined; children: ReactNode }) => (
  <figure className="flex h-full min-w-0 flex-col bg-surface">
    <div className="grid min-h-0 grow grid-cols-[minmax(0,1fr)]">{children}</div>
    {caption && <figcaption className="px-4 py-2 text-xs text-ink-2">{caption}</figcaption>}
  </figure>
);

interface HistogramsProps {
  media: MediaKey;
  items: readonly MediaItem[];
  step: number;
  onStep: (step: number) => void;
}

function Histograms({ media, items, step, onStep }: HistogramsProps) {
  const read = useMemo(
    () =>
      items.flatMap((item) => {
        const histogram = histogramOf(item.data);
        return histogram ? [{ step: item.step, histogram }] : [];
      }),
    [items],
  );
  return (
    <HistogramView
      title={media.key}
      items={read}
      place={Math.max(
        0,
        read.findLastIndex((one) => one.step === step),
      )}
      onPlace={(place) => onStep(read[place]?.step ?? step)}
    />
  );
}
