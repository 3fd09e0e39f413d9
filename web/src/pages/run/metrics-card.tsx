import { useState } from "react";
import type { JsonNumber, MetricSummary } from "@/api/types";
import { isSystem, matchKeys } from "@/charts/prepare/groups";
import { formatCount, formatNumber, formatTime, toNumber } from "@/state/format";
import { Card } from "@/ui/card";
import { cx } from "@/ui/classes";
import { SearchField } from "@/ui/fields";

const searchFrom = 10;
const shownAtOnce = 300;

/** Last, least and greatest value of each metric; a click goes to its curve. */
export function MetricsCard({
  metrics,
  onChart,
}: {
  metrics: Record<string, MetricSummary>;
  onChart: (metric: string) => void;
}) {
  const [text, setText] = useState("");
  const all = Object.keys(metrics)
    .filter((key) => !isSystem(key))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const { keys: found } = matchKeys(all, text);
  return (
    <Card
      title={
        <>
          Metrics <span className="num font-normal text-ink-3">{formatCount(all.length)}</span>
        </>
      }
      aside={
        all.length >= searchFrom && (
          <SearchField label="Search metrics" value={text} onChange={setText} className="-mr-2 w-44" />
        )
      }
    >
      {all.length === 0 ? (
        <p className="px-4 py-3 text-ink-3">The run logged no metrics yet.</p>
      ) : (
        <div className="max-h-[26rem] overflow-auto">
          <table className="w-full border-collapse">
            <thead className="sticky top-0 bg-surface text-xs text-ink-3">
              <tr className="text-right">
                <th className="h-8 pl-4 text-left font-medium">Metric</th>
                <th className="px-2 font-medium sm:px-3">Last</th>
                <th className="px-2 font-medium sm:px-3">Min</th>
                <th className="px-2 font-medium sm:px-3">Max</th>
                <th className="hidden px-3 font-medium sm:table-cell">Step</th>
                <th className="hidden pr-4 pl-3 font-medium sm:table-cell">Points</th>
              </tr>
            </thead>
            <tbody>
              {found.slice(0, shownAtOnce).map((key) => {
                const one = metrics[key] as MetricSummary;
                return (
                  <tr key={key} className="h-8 border-t border-line/70 text-right hover:bg-hover/60">
                    <td className="max-w-0 pl-4 text-left">
                      <button
                        type="button"
                        onClick={() => onChart(key)}
                        title={`Show the curve of ${key}`}
                        className="block max-w-full truncate rounded-sm hover:text-accent hover:underline"
                      >
                        {key}
                      </button>
                    </td>
                    <Value value={one.last} title={`${one.last} at ${formatTime(one.time)}`} strong />
                    <Value value={one.min} />
                    <Value value={one.max} />
                    <td className="num hidden w-20 px-3 text-ink-2 sm:table-cell">
                      {formatNumber(toNumber(one.step), 8)}
                    </td>
                    <td className="num hidden w-20 pr-4 pl-3 text-ink-2 sm:table-cell">{formatCount(one.count)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
          {found.length > shownAtOnce && (
            <p className="px-4 py-2 text-ink-3">
              And {formatCount(found.length - shownAtOnce)} more: search to find them.
            </p>
          )}
        </div>
      )}
    </Card>
  );
}

const Value = ({
  value,
  title,
  strong = false,
}: {
  value: JsonNumber | undefined;
  title?: string;
  strong?: boolean;
}) => (
  <td
    className={cx("num w-20 px-2 sm:w-24 sm:px-3", strong ? "font-medium" : "text-ink-2")}
    title={title ?? String(value ?? "")}
  >
    {value === undefined ? "–" : formatNumber(toNumber(value))}
  </td>
);
