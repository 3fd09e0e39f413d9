import { useQuery } from "@tanstack/react-query";
import { searchRuns } from "@/api/calls";
import { runsById } from "@/api/filter";
import { useStars } from "@/api/stars";
import type { ExperimentInfo, RunInfo, SearchRuns } from "@/api/types";
import { RunList } from "./run-list";

export const recentKey = ["recent"] as const;

const few = 6;
const many = 10;

const find = async (search: SearchRuns, signal: AbortSignal): Promise<RunInfo[]> =>
  (
    await searchRuns(
      { orderBy: ["start_time desc"], columns: { metrics: [], params: [], tags: [], inputs: false }, ...search },
      signal,
    )
  ).runs.map(({ info }) => info);

/** What runs now, what this person starred, and what began last, of all experiments. */
export function RunLists({ experiments }: { experiments: readonly ExperimentInfo[] }) {
  const stars = useStars("run").data?.slice(0, few) ?? [];
  const running = useQuery({
    queryKey: [...recentKey, "running"],
    queryFn: ({ signal }) => find({ filter: 'status = "running"', limit: few }, signal),
  });
  const starred = useQuery({
    queryKey: [...recentKey, "starred", stars],
    queryFn: async ({ signal }) => {
      const found = await find({ filter: runsById(stars), lifecycle: "all", limit: few }, signal);
      return stars.flatMap((id) => found.find((run) => run.id === id) ?? []);
    },
    enabled: stars.length > 0,
    placeholderData: (before) => before,
  });
  const recent = useQuery({
    queryKey: [...recentKey, "all"],
    queryFn: ({ signal }) => find({ limit: many }, signal),
  });
  const names = new Map(experiments.map((one) => [one.id, one.name]));
  const beside = [
    ["Running now", running.data ?? []],
    ["Starred runs", stars.length > 0 ? (starred.data ?? []) : []],
  ] as const;
  const shown = beside.filter(([, runs]) => runs.length > 0);
  return (
    <>
      {shown.length > 0 && (
        <div className={`mt-8 grid gap-6 ${shown.length > 1 ? "lg:grid-cols-2" : ""}`}>
          {shown.map(([title, runs]) => (
            <RunList key={title} title={title} runs={runs} experiments={names} narrow={shown.length > 1} />
          ))}
        </div>
      )}
      {recent.data && recent.data.length > 0 && (
        <div className="mt-8">
          <RunList title="Recent runs" runs={recent.data} experiments={names} />
        </div>
      )}
    </>
  );
}
