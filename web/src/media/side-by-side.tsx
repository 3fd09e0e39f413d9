import type { MediaItem, MediaOfRun } from "@/api/types";
import { colourVariable, type RunStyle } from "@/charts/prepare/colours";
import { HistogramView } from "@/media/histogram-view";
import { MediaItemView } from "@/media/media-item";
import { histogramOf } from "@/media/shapes";
import { formatNumber } from "@/state/format";
import { cx } from "@/ui/classes";
import { EmptyState } from "@/ui/state-views";

interface StepSliderProps {
  /** Of what the steps are. */
  name: string;
  least: number;
  most: number;
  at: number;
  onStep: (step: number) => void;
  /** Told when the reader lets go. */
  onDone?: () => void;
  className?: string;
}

/** Chooses a step up to which things are looked at. */
export const StepSlider = ({ name, least, most, at, onStep, onDone, className }: StepSliderProps) => (
  <label className={cx("flex min-w-0 items-center gap-3 text-ink-2", className)}>
    <span className="num shrink-0">up to step {formatNumber(at, 8)}</span>
    <input
      type="range"
      aria-label={`Step of ${name}`}
      aria-valuetext={`up to step ${formatNumber(at, 8)}`}
      min={least}
      max={most}
      step="any"
      value={at}
      onChange={(event) => onStep(stepOf(Number(event.target.value), most - least))}
      onPointerUp={onDone}
      onKeyUp={onDone}
      className="h-4 min-w-0 grow accent-accent"
    />
  </label>
);

/** Whole steps where there are many, so that a slider asks for steps that can be. */
const stepOf = (value: number, span: number): number => (span >= 10 ? Math.round(value) : value);

interface SideBySideProps {
  found: readonly MediaOfRun[];
  names: ReadonlyMap<string, string>;
  styles: ReadonlyMap<string, RunStyle>;
  /** How many stand beside each other; absent: as many as are `least` pixels wide. */
  columns?: number | undefined;
  least: number;
  /** What was read before is shown until something else is there. */
  old: boolean;
  /** The greatest height of a picture, in a panel, where all is small. */
  tile?: number;
  className?: string;
}

/** What several runs have under one key, each with its name, its colour and the step that it is of. */
export const SideBySide = ({ found, names, styles, columns, least, old, tile, className }: SideBySideProps) => (
  <ul
    className={cx("grid", old && "opacity-60", className)}
    style={{
      ...(tile ? { "--tile-height": `${tile}px` } : {}),
      gridTemplateColumns:
        columns === undefined
          ? `repeat(${tile ? "auto-fit" : "auto-fill"}, minmax(min(100%, ${least}px), 1fr))`
          : `repeat(${columns}, minmax(0, 1fr))`,
    }}
  >
    {found.map(({ runId, items }) => {
      const name = names.get(runId) ?? runId;
      return (
        <li
          key={runId}
          className={cx(
            "min-w-0 overflow-hidden border-line bg-surface",
            tile ? "rounded-md border" : "rounded-lg border shadow-card",
          )}
        >
          <p className={cx("flex items-center gap-2 border-b border-line text-xs", tile ? "h-7 px-2" : "h-9 px-3")}>
            <span
              aria-hidden="true"
              className={cx("shrink-0 rounded-full", tile ? "size-2" : "size-2.5")}
              style={{ background: colourVariable(styles.get(runId)) }}
            />
            <span className="min-w-0 grow truncate font-medium" title={name}>
              {name}
            </span>
            {items[0] && (
              <span className="num shrink-0 text-ink-3" title={`step ${items[0].step}`}>
                {tile ? "" : "step "}
                {formatNumber(items[0].step, 8)}
              </span>
            )}
          </p>
          {items.length === 0 ? (
            <EmptyState title="Nothing up to this step" />
          ) : (
            items.map((item) => <One key={item.id} runId={runId} item={item} small={tile !== undefined} />)
          )}
        </li>
      );
    })}
  </ul>
);

function One({ runId, item, small }: { runId: string; item: MediaItem; small: boolean }) {
  const histogram = item.type === "histogram" ? histogramOf(item.data) : undefined;
  return (
    <figure className="min-w-0">
      {histogram ? (
        <HistogramView title={item.key} items={[{ step: item.step, histogram }]} place={0} onPlace={() => undefined} />
      ) : (
        <MediaItemView runId={runId} item={item} small={small} />
      )}
      {item.caption && (
        <figcaption className={cx("text-xs text-ink-2", small ? "line-clamp-2 px-2 py-1" : "px-3 py-1.5")}>
          {item.caption}
        </figcaption>
      )}
    </figure>
  );
}
