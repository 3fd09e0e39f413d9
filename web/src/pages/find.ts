import { getKeys, listExperiments, searchRuns } from "@/api/calls";
import { quote } from "@/api/filter";
import { getJson } from "@/api/http";
import type { ExperimentInfo, ReportPage } from "@/api/types";
import { shorten } from "@/state/format";

/** Something that the palette leads to. */
export interface Hit {
  id: string;
  kind: "page" | "experiment" | "run" | "metric" | "report";
  name: string;
  hint: string;
  to: string;
  search?: Record<string, string>;
}

/** What is looked at while something is searched: metrics are those of this experiment or run. */
export interface Place {
  experimentId: string | undefined;
  runId: string | undefined;
}

const pages: readonly Hit[] = [
  { id: "home", kind: "page", name: "Experiments", hint: "Page", to: "/" },
  { id: "archived", kind: "page", name: "Archived experiments", hint: "Page", to: "/", search: { life: "archived" } },
  { id: "deleted", kind: "page", name: "Deleted experiments", hint: "Page", to: "/", search: { life: "deleted" } },
  { id: "reports", kind: "page", name: "Reports", hint: "Page", to: "/reports" },
];

const atMost = { experiments: 6, runs: 8, metrics: 6, reports: 4 };
/** Away from any experiment, metrics are looked for in so many of those that were active last. */
const recentExperiments = 3;

/** The places whose names hold every word of a text, those that begin with it first. */
export function matching<T>(things: readonly T[], nameOf: (thing: T) => string, text: string): T[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const begins = (thing: T) =>
    Number(
      nameOf(thing)
        .toLowerCase()
        .startsWith(words[0] ?? ""),
    );
  return things
    .filter((thing) => words.every((word) => nameOf(thing).toLowerCase().includes(word)))
    .sort((a, b) => begins(b) - begins(a));
}

/** Pages, experiments, runs by name or id, metrics of the place that is looked at, and reports. */
export async function find(text: string, place: Place, signal: AbortSignal): Promise<Hit[]> {
  const wanted = text.trim();
  const named = `name contains ${quote(wanted)}`;
  const [{ experiments }, { runs }, metrics, reports] = await Promise.all([
    listExperiments({ limit: atMost.experiments, ...(wanted ? { filter: named } : {}) }, signal),
    searchRuns(
      {
        filter: wanted ? `${named} or run_id = ${quote(wanted)}` : "",
        limit: atMost.runs,
        columns: { metrics: [], params: [], tags: [] },
      },
      signal,
    ),
    wanted ? findMetrics(wanted, place, signal) : [],
    wanted ? getJson<ReportPage>("/api/v1/reports?limit=200", signal) : undefined,
  ]);
  return [
    ...matching(pages, (page) => page.name, wanted).slice(0, wanted ? 4 : 0),
    ...experiments.map((one): Hit => hitOf("experiment", one.id, one.name, "Experiment")),
    ...metrics,
    ...runs.map(({ info }): Hit => hitOf("run", info.id, info.name, `Run ${shorten(info.id)}`)),
    ...matching(reports?.reports ?? [], (report) => report.newest.title, wanted)
      .slice(0, atMost.reports)
      .map(
        (report): Hit => ({
          id: report.id,
          kind: "report",
          name: report.newest.title,
          hint: "Report",
          to: `/reports/${encodeURIComponent(report.id)}`,
        }),
      ),
  ];
}

const hitOf = (kind: "experiment" | "run", id: string, name: string, hint: string): Hit => ({
  id,
  kind,
  name,
  hint,
  to: `/${kind}s/${encodeURIComponent(id)}`,
});

async function findMetrics(wanted: string, { experimentId, runId }: Place, signal: AbortSignal): Promise<Hit[]> {
  const experiments: Pick<ExperimentInfo, "id" | "name">[] = experimentId
    ? [{ id: experimentId, name: "" }]
    : (await listExperiments({ limit: recentExperiments, orderBy: ["updated_at desc"] }, signal)).experiments;
  const found = await Promise.all(
    experiments.map(async ({ id, name }) => {
      const { metrics } = await getKeys(id, signal, { contains: wanted, limit: atMost.metrics });
      return metrics.map((metric): Hit => {
        const exact = `^${metric.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}$`;
        return {
          id: `${id} ${metric}`,
          kind: "metric",
          name: metric,
          hint: name ? `Metric of ${name}` : "Metric",
          to: runId ? `/runs/${encodeURIComponent(runId)}` : `/experiments/${encodeURIComponent(id)}`,
          search: { metric: exact, ...(runId ? { tab: "charts" } : {}) },
        };
      });
    }),
  );
  return found.flat().slice(0, atMost.metrics);
}
