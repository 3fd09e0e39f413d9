import { type UseQueryResult, useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { failureOf } from "@/api/queries";
import type { Frame, MetricGroups } from "@/api/types";
import { type RunStyle, styleRuns } from "@/charts/prepare/colours";
import { type Curves, prepareCurves } from "@/charts/prepare/curves";
import { matchKeys } from "@/charts/prepare/groups";
import { usePanelPage } from "@/panels/page-context";
import type { SettingsOf } from "@/panels/prepare/kinds";
import { groupsOptions, searchOf, useCurves } from "@/panels/queries";
import { describeShown } from "./describe";
import { combineFrames, groupFrames, nameFrames, seriesId, tryExpression } from "./series";

const mostKeys = 20;
const mostSeries = 1000;

/** What a line panel is about, with what the page says where the panel says nothing. */
export function useLineSettings(settings: SettingsOf<"line">, own: [number, number] | undefined) {
  const { settings: page, metrics } = usePanelPage();
  return useMemo(() => {
    const read = settings.expression ? tryExpression(settings.expression) : undefined;
    const matched = settings.pattern ? matchKeys(metrics, settings.pattern) : undefined;
    const error = read && "error" in read ? read.error : matched?.error;
    const expression = read && "expression" in read ? read.expression : undefined;
    const found = settings.expression ? (expression?.keys ?? []) : (matched?.keys ?? settings.keys ?? []);
    const axis = settings.axis?.kind ?? page.axis;
    const xKey = settings.axis ? settings.axis.key : page.xKey;
    const shared = axis === page.axis && xKey === page.xKey;
    return {
      error,
      expression,
      keys: found.slice(0, mostKeys),
      omitted: found.length - Math.min(found.length, mostKeys),
      axis,
      xKey,
      /** Whether a zoom here is a zoom of all panels. */
      shared,
      range: shared ? page.range : own,
      log: settings.yLog ?? page.log,
      xLog: settings.xLog ?? page.xLog,
      smoothing: settings.smoothing ?? page.smoothing,
      clip: settings.clip ?? page.clip,
      band: settings.band ?? "deviation",
    } as const;
  }, [settings, page, metrics, own]);
}

export type LineView = ReturnType<typeof useLineSettings>;

export interface Line {
  curves: Curves | undefined;
  frames: readonly Frame[] | undefined;
  names: ReadonlyMap<string, string>;
  styles: ReadonlyMap<string, RunStyle>;
  failure: Error | null;
  /** Says what of all is shown; nothing when it is all. */
  shown: string | undefined;
}

/** Reads and prepares what a line panel draws. */
export function useLine(view: LineView, width: number): Line {
  const { source, runs, styles: runStyles } = usePanelPage();
  const { keys, axis, xKey, range, expression } = view;
  const grouped = source.groupBy.length > 0 && !expression;
  const many = source.kind === "search" && source.count > runs.length && !expression;
  // Widths come in steps, so that resizing a window does not ask again for every pixel.
  const buckets = width === 0 ? 0 : Math.ceil(width / 100) * 100;
  const single = grouped ? 0 : Math.min(runs.length, Math.max(1, Math.floor(mostSeries / Math.max(1, keys.length))));
  const runIds = useMemo(() => runs.slice(0, single).map((run) => run.id), [runs, single]);
  const curvesQuery = useCurves({ runIds, keys, axis, xKey, buckets, range }, width > 0 && !grouped);
  const groups = useQueries({
    queries: (grouped || many ? keys : []).map((key) =>
      groupsOptions({ search: searchOf(source), groupBy: source.groupBy, key, axis, xKey, buckets, range }, width > 0),
    ),
    combine: answersOf,
  });

  const singles = grouped ? noFrames : curvesQuery.data;
  const all = groups.answers;
  const data = useMemo(() => {
    const answers = all.filter((one) => one !== undefined);
    return singles && answers.length === all.length ? collect(singles, answers, view, source.groupBy, runs) : undefined;
  }, [singles, all, view, source.groupBy, runs]);
  const styles = useMemo(() => data && styleSeries(data.frames, keys, runStyles, many), [data, keys, runStyles, many]);
  const curves = useMemo(
    () =>
      data &&
      prepareCurves(data.frames, {
        axis,
        smoothing: view.smoothing,
        log: view.log,
        xLog: view.xLog,
        bandsUpTo: all.length > 0 ? Number.POSITIVE_INFINITY : 8,
      }),
    [data, axis, view.smoothing, view.log, view.xLog, all.length],
  );
  const failure = (grouped ? null : failureOf(curvesQuery)) ?? groups.failure;
  const first = all[0];
  const shown = describeShown({
    source,
    single: Math.min(single, runs.length),
    groups: first,
    band: view.band,
    computed: expression !== undefined,
  });
  return { curves, frames: data?.frames, names: data?.names ?? noNames, styles: styles ?? noStyles, failure, shown };
}

const answersOf = (results: UseQueryResult<MetricGroups>[]) => ({
  answers: results.map((result) => result.data),
  failure: results.map(failureOf).find((one) => one !== null) ?? null,
});

const noFrames: readonly Frame[] = [];
const noNames: ReadonlyMap<string, string> = new Map();
const noStyles: ReadonlyMap<string, RunStyle> = new Map();

function collect(
  singles: readonly Frame[],
  groups: readonly MetricGroups[],
  { keys, expression, band }: LineView,
  groupBy: readonly string[],
  runs: readonly { id: string; name: string }[],
): { frames: Frame[]; names: Map<string, string> } {
  const several = keys.length > 1 && !expression;
  const plain = groups.length > 0 ? singles.map(withoutBand) : singles;
  const frames = expression ? combineFrames(plain, keys, expression.evaluate) : nameFrames(plain, keys);
  const names = new Map<string, string>();
  for (const { id, name } of runs) {
    if (!several) names.set(id, name);
    else for (const key of keys) names.set(seriesId(id, key, true), runs.length === 1 ? key : `${name} · ${key}`);
  }
  groups.forEach((answer, index) => {
    const found = groupFrames(answer, groupBy, band);
    const id = (group: string) => (several ? seriesId(group, keys[index] ?? "", true) : group);
    for (const frame of found.frames) frames.push({ ...frame, runId: id(frame.runId) });
    for (const [group, name] of found.names)
      names.set(id(group), !several ? name : groupBy.length === 0 ? (keys[index] ?? name) : `${name} · ${keys[index]}`);
  });
  return { frames, names };
}

/** Bands are of groups; each run behind them is a line. */
const withoutBand = ({ min: _, max: __, ...frame }: Frame): Frame => frame;

const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

/** The colour of a run is the same in all panels; metrics of one panel differ by dash, or by colour where there is one run. Runs behind a group are pale. */
function styleSeries(
  frames: readonly Frame[],
  keys: readonly string[],
  runs: ReadonlyMap<string, RunStyle>,
  pale: boolean,
): Map<string, RunStyle> {
  const owners = [...new Set(frames.map((frame) => ownerOf(frame.runId)))];
  const groups = styleRuns(owners.filter((id) => !runs.has(id)));
  const strong = owners.filter((owner) => !(pale && runs.has(owner)));
  const byKey =
    strong.length === 1 && keys.length > 1
      ? styleRuns(frames.map(({ runId }) => runId).filter((id) => ownerOf(id) === strong[0]))
      : undefined;
  return new Map(
    frames.map(({ runId }): [string, RunStyle] => {
      const own = byKey?.get(runId);
      if (own) return [runId, own];
      const owner = ownerOf(runId);
      const style = runs.get(owner) ?? groups.get(owner) ?? { colour: 0, dash: [] };
      const dash =
        keys.length > 1 && runId !== owner
          ? (dashes[keys.indexOf(runId.slice(owner.length + 1)) % 4] ?? [])
          : style.dash;
      return [runId, { colour: style.colour, dash, ...(pale && runs.has(owner) ? { faint: true } : {}) }];
    }),
  );
}

const ownerOf = (id: string): string => id.split("\n", 1)[0] ?? id;
