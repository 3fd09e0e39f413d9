import { useMemo, useRef } from "react";
import { useFollow } from "@/api/follow";
import { client, keys as queryKeys, renew, useKeys, useSample } from "@/api/queries";
import { factsOf } from "@/charts/prepare/groups";
import { chooseColumns, type FirstColumns, noColumns } from "@/table/first-columns";

const naming = ["created", "params", "metrics", "tags"];
const longestPause = 8000;

/** What the runs of an experiment call their params and metrics, and what that means for the first view of it. */
export function useNames(experimentId: string) {
  const keys = useKeys(experimentId);
  const sample = useSample(experimentId, keys.data);
  const pause = useRef(0);
  const chosen = useRef<{ experimentId: string; columns: FirstColumns }>(undefined);

  // Names that are logged for the first time appear soon; when nothing new comes, the server is asked less and less often.
  useFollow({ experiments: [experimentId] }, 500, async (changed) => {
    if (!changed.all && ![...changed.runs.values()].some((kinds) => naming.some((kind) => kinds.has(kind)))) return;
    const before = client.getQueryData(queryKeys.names(experimentId));
    await Promise.all([
      renew({ queryKey: queryKeys.names(experimentId) }),
      renew({ queryKey: queryKeys.sample(experimentId) }),
    ]);
    const same = client.getQueryData(queryKeys.names(experimentId)) === before;
    pause.current = same ? Math.min(longestPause, Math.max(1000, pause.current * 2)) : 0;
    await new Promise((resolve) => setTimeout(resolve, pause.current));
  });

  const columns = useMemo(() => {
    const before = chosen.current?.experimentId === experimentId ? chosen.current.columns : noColumns;
    if (!sample.data || !keys.data) return before;
    const next = chooseColumns(sample.data, keys.data, before);
    chosen.current = { experimentId, columns: next };
    return next;
  }, [experimentId, sample.data, keys.data]);
  const facts = useMemo(() => factsOf(sample.data ?? []), [sample.data]);
  return { keys, columns, facts, ready: keys.isSuccess && !sample.isPending };
}
