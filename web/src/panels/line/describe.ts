import type { MetricGroups } from "@/api/types";
import type { BandKind } from "@/panels/prepare/kinds";
import type { RunSource } from "@/panels/source";
import { formatCount, plural } from "@/state/format";
import { mostGroups } from "./series";

const bandNames: Record<BandKind, string> = {
  deviation: "mean and deviation",
  error: "mean and standard error",
  range: "mean, least and greatest",
  none: "mean",
};

export interface Shown {
  source: RunSource;
  /** Runs drawn one by one. */
  single: number;
  groups: MetricGroups | undefined;
  band: BandKind;
}

/** What a panel shows of what was asked for, so that nobody takes a part for the whole; nothing when it is all of it. */
export function describeShown({ source, single, groups, band }: Shown): string | undefined {
  if (!groups)
    return source.kind === "search" && source.count > single
      ? `First ${formatCount(single)} of ${count(source)} runs`
      : undefined;
  const runs = groups.complete
    ? `all ${plural(groups.runs, "run")}`
    : `the newest ${formatCount(groups.runs)} of ${source.kind === "search" ? count(source) : "more"} runs`;
  const what = `${bandNames[band]} of ${runs}`;
  if (source.groupBy.length === 0)
    return single > 0 && single < groups.runs ? `First ${plural(single, "run")}; ${what}` : capital(what);
  const all = groups.groups.length;
  const some = all > mostGroups ? `the ${mostGroups} largest of ${formatCount(all)} groups` : plural(all, "group");
  return `${capital(some)}; ${what}`;
}

const count = ({ count: runs, exact }: Extract<RunSource, { kind: "search" }>): string =>
  `${formatCount(runs)}${exact ? "" : "+"}`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
