import { useMemo, useRef } from "react";
import type { ChartSettings } from "@/charts/draw/chart-settings";
import { styleRuns } from "@/charts/prepare/colours";
import { type Exports, type PanelPage, PanelPageProvider } from "@/panels/page-context";
import type { SettingsOf } from "@/panels/prepare/kinds";
import type { NamedRun } from "@/panels/queries";
import type { RunSource } from "@/panels/source";
import { LinePanel } from "./line-panel";

interface LineFiguresProps {
  keys: readonly string[];
  source: RunSource;
  /** The runs that are drawn one by one. */
  runs: readonly NamedRun[];
  settings: ChartSettings;
  onZoom: (range: [number, number] | undefined) => void;
}

const height = 232;

/** A curve for each metric where there is no page of panels around it, as in a report. */
export function LineFigures({ keys, source, runs, settings, onZoom }: LineFiguresProps) {
  const page = useMemo(
    (): PanelPage => ({
      source,
      runs,
      styles: styleRuns(runs.map((run) => run.id)),
      metrics: keys,
      params: [],
      tags: [],
      media: [],
      facts: new Map(),
      settings,
      onZoom,
      onFilter: undefined,
    }),
    [source, runs, keys, settings, onZoom],
  );
  return (
    <PanelPageProvider value={page}>
      {keys.map((key) => (
        <Figure key={key} metric={key} />
      ))}
    </PanelPageProvider>
  );
}

function Figure({ metric }: { metric: string }) {
  const exports = useRef<Exports>({});
  const settings = useMemo((): SettingsOf<"line"> => ({ kind: "line", keys: [metric] }), [metric]);
  return (
    <section
      aria-label={metric}
      data-chart={metric}
      className="flex min-w-0 flex-col rounded-lg border border-line bg-surface"
    >
      <h3 className="flex h-9 items-center truncate px-3 text-sm font-medium" title={metric}>
        {metric}
      </h3>
      <LinePanel
        id={metric}
        settings={settings}
        title={metric}
        height={height}
        full={false}
        exports={exports}
        onChange={() => undefined}
      />
    </section>
  );
}
