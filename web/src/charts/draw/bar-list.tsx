import type { Bar } from "@/charts/prepare/bars";
import { colourVariable, type RunStyle } from "@/charts/prepare/colours";
import { splitNames } from "@/charts/prepare/names";
import { formatNumber } from "@/state/format";
import { RunName } from "./run-name";

interface BarListProps {
  bars: readonly Bar[];
  names: ReadonlyMap<string, string>;
  styles: ReadonlyMap<string, RunStyle>;
  height: number;
  label: string;
}

/** Heights of a bar's line, and what stays free below the last one, in pixels. */
const [tightest, widest, below] = [18, 24, 8];

/** What a metric of single points says: the number alone, or a bar for each of several runs. */
export function BarList({ bars, names, styles, height, label }: BarListProps) {
  const [only] = bars;
  if (only && names.size === 1)
    return (
      <p style={{ height }} className="grid place-items-center pb-6" title={String(only.value)}>
        <span className="num text-3xl font-semibold tracking-tight">{formatNumber(only.value, 6)}</span>
      </p>
    );
  const parts = splitNames([...names.values()]);
  // A few more bars than there is room for stand closer, rather than one of them cut in two.
  const line = Math.max(tightest, Math.min(widest, Math.floor((height - below) / bars.length)));
  return (
    <ul aria-label={label} style={{ height }} className="overflow-y-auto px-3">
      {bars.map(({ runId, value, from, to }) => (
        <li
          key={runId}
          title={`${names.get(runId) ?? runId}: ${value}`}
          style={{ height: line }}
          className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_4rem] items-center gap-2 text-xs"
        >
          <span className="min-w-0 text-ink-2">
            <RunName name={names.get(runId) ?? runId} parts={parts.get(names.get(runId) ?? runId)} />
          </span>
          <span aria-hidden="true" className="relative h-2.5 rounded-sm bg-sunken">
            <span
              className="absolute inset-y-0 rounded-sm"
              style={{
                left: `${from * 100}%`,
                width: `${(to - from) * 100}%`,
                background: colourVariable(styles.get(runId)),
              }}
            />
          </span>
          <span className="num truncate text-right font-medium">{formatNumber(value)}</span>
        </li>
      ))}
    </ul>
  );
}
