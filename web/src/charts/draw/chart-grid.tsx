import { ChevronDown } from "lucide-react";
import { type ReactNode, useCallback, useDeferredValue, useMemo, useRef, useState } from "react";
import { styleRuns } from "@/charts/prepare/colours";
import { groupKeys, type KeyFacts, matchKeys } from "@/charts/prepare/groups";
import { formatCount } from "@/state/format";
import { useAddress } from "@/state/search";
import { decodeList, encodeList } from "@/state/url";
import { Button } from "@/ui/button";
import { cx } from "@/ui/classes";
import { SearchField } from "@/ui/fields";
import { EmptyState } from "@/ui/state-views";
import { ChartCard, type ChartRun } from "./chart-card";
import { ChartSettingsBar, chartSettings, zoomSearch } from "./chart-settings";
import { useVisible } from "./use-size";

interface ChartGridProps {
  metrics: readonly string[];
  runs: readonly ChartRun[];
  facts: ReadonlyMap<string, KeyFacts>;
  note?: string;
}

/** A card for each metric, in sections by prefix. The address holds search, settings and closed sections. */
export function ChartGrid({ metrics, runs, facts, note }: ChartGridProps) {
  const [search, change] = useAddress();
  const { axis, smoothing, log, range } = chartSettings(search);
  const [from, to] = range ?? [];
  // One object as long as nothing in it changes, so that cards do not draw again.
  const settings = useMemo(
    () => ({
      axis,
      smoothing: { kind: smoothing.kind, amount: smoothing.amount },
      log,
      range: from === undefined || to === undefined ? undefined : ([from, to] as [number, number]),
    }),
    [axis, smoothing.kind, smoothing.amount, log, from, to],
  );
  const wanted = useDeferredValue(search.metric ?? "");
  const match = useMemo(() => matchKeys(metrics, wanted), [metrics, wanted]);
  const groups = useMemo(() => groupKeys(match.keys, facts), [match, facts]);
  const runKey = runs.map((run) => `${run.id}\n${run.name}`).join("\n\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for the runs, which are a new list at every reading
  const stable = useMemo(() => ({ runs, styles: styleRuns(runs.map((run) => run.id)) }), [runKey]);
  const onZoom = useCallback((next: [number, number] | undefined) => change(zoomSearch(next)), [change]);
  const closed = new Set(decodeList(search.closed));

  const toggle = (prefix: string) => {
    const name = prefix || ".";
    const next = new Set(closed);
    if (!next.delete(name)) next.add(name);
    change({ closed: encodeList([...next]) }, true);
  };

  return (
    <div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div data-shortcut="/" className="w-full sm:w-auto sm:max-w-64 sm:min-w-36 sm:flex-1">
          <SearchField
            label="Search metrics"
            hint="Text, or a regular expression"
            value={search.metric ?? ""}
            onChange={(metric) => change({ metric }, true)}
            invalid={match.error !== undefined}
          />
        </div>
        <ChartSettingsBar settings={settings} onChange={change} />
      </div>
      {note && <p className="mt-2 text-xs text-ink-3">{note}</p>}
      {match.error && (
        <p role="alert" className="mt-1 text-xs text-bad">
          {match.error}
        </p>
      )}
      {groups.length === 0 && !match.error && (
        <EmptyState title={metrics.length === 0 ? "No metrics yet" : "No metric is called like that"}>
          {metrics.length === 0 && "Curves appear here as soon as the run logs a point."}
        </EmptyState>
      )}
      {groups.map((group) => {
        const open = !closed.has(group.prefix || ".");
        return (
          <section key={group.prefix} className="mt-4" aria-label={group.prefix || "Metrics"}>
            {(groups.length > 1 || group.prefix !== "") && (
              <button
                type="button"
                aria-expanded={open}
                onClick={() => toggle(group.prefix)}
                className="mb-2 flex items-center gap-1.5 rounded-sm text-sm font-medium text-ink-2 hover:text-ink"
              >
                <ChevronDown className={cx("size-4 transition-transform", !open && "-rotate-90")} />
                {group.prefix || "Metrics"}
                <span className="num text-xs font-normal text-ink-3">{group.keys.length}</span>
              </button>
            )}
            {open && (
              <Cards
                keys={group.keys}
                card={(metric) => (
                  <ChartCard
                    metric={metric}
                    title={group.prefix ? metric.slice(group.prefix.length + 1) : metric}
                    runs={stable.runs}
                    styles={stable.styles}
                    settings={settings}
                    single={facts.get(metric)?.points === 1}
                    onZoom={onZoom}
                  />
                )}
              />
            )}
          </section>
        );
      })}
    </div>
  );
}

const cardsAtOnce = 240;

function Cards({ keys, card }: { keys: readonly string[]; card: (metric: string) => ReactNode }) {
  const [shown, setShown] = useState(cardsAtOnce);
  return (
    <>
      <div
        className={cx(
          "grid gap-3",
          // A few cards share the whole width; one alone would be too wide to read.
          keys.length > 1
            ? "grid-cols-[repeat(auto-fit,minmax(min(100%,19rem),1fr))]"
            : "grid-cols-[repeat(auto-fill,minmax(min(100%,19rem),1fr))]",
        )}
      >
        {keys.slice(0, shown).map((metric) => (
          <LazyCard key={metric}>{card(metric)}</LazyCard>
        ))}
      </div>
      {keys.length > shown && (
        <Button className="mt-3" onClick={() => setShown(shown + cardsAtOnce)}>
          Show more, {formatCount(keys.length - shown)} left
        </Button>
      )}
    </>
  );
}

/** Holds the place of a card that is far from the screen: a page of a thousand costs what is visible. */
function LazyCard({ children }: { children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  const near = useVisible(place, 800);
  return (
    <div ref={place} className="h-[268px] min-w-0">
      {near && children}
    </div>
  );
}
