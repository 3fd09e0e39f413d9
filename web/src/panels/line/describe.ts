import type { MetricGroups } from "@/api/types";
import type { BandKind } from "@/panels/prepare/kinds";
import type { RunSource } from "@/panels/source";
import { formatCount, plural } from "@/state/format";
import { mostGroups } from "./series";

const bandNames: Record<BandKind, string> = {
  deviation: "mean ± deviation",
  error: "mean ± standard error",
  range: "mean, least and greatest",
  none: "mean",
};

export interface Shown {
  source: RunSource;
  /** Runs drawn one by one. */
  single: number;
  groups: MetricGroups | undefined;
  band: BandKind;
  /** The curves are computed from several metrics of a run: there are no means of groups of them. */
  computed?: boolean;
}

/** What a panel shows of what was asked for, so that nobody takes a part for the whole; nothing when it is all of it. */
export function describeShown({ source, single, groups, band, computed = false }: Shown): string | undefined {
  if (!groups) {
    const part = source.kind === "search" && source.count > single;
    const runs = part ? `First ${formatCount(single)} of ${count(source)} runs` : `All ${plural(single, "run")}`;
    if (computed && source.groupBy.length > 0) return `${runs}, one by one: what is computed has no groups`;
    return part ? runs : undefined;
  }
  const runs = groups.complete
    ? `all ${plural(groups.runs, "run")}`
    : `the newest ${formatCount(groups.runs)} of ${source.kind === "search" ? count(source) : "more"} runs`;
  const what = `${bandNames[band]} of ${runs}`;
  if (source.groupBy.length === 0)
    return capital(single > 0 && single < groups.runs ? `${what}; ${formatCount(single)} in grey` : what);
  const all = groups.groups.length;
  const some = all > mostGroups ? `the ${mostGroups} largest of ${formatCount(all)} groups` : plural(all, "group");
  return `${capital(some)}; ${what}`;
}

const count = ({ count: runs, exact }: Extract<RunSource, { kind: "search" }>): string =>
  `${formatCount(runs)}${exact ? "" : "+"}`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
