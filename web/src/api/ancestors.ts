import { useQuery } from "@tanstack/react-query";
import { getRun } from "./calls";
import { ApiError } from "./http";
import { keys } from "./queries";
import type { RunInfo } from "./types";

const most = 8;

/** The runs that a run is nested in, its parent first; the chain ends where one is gone. */
export const useAncestors = (parentId: string | undefined) =>
  useQuery({
    queryKey: [...keys.run(parentId ?? ""), "ancestors"],
    queryFn: async ({ signal }) => {
      const chain: RunInfo[] = [];
      for (let id = parentId; id !== undefined && chain.length < most; ) {
        const info = await readInfo(id, signal);
        if (!info || chain.some((one) => one.id === info.id)) break;
        chain.push(info);
        id = info.parentId;
      }
      return chain;
    },
    enabled: parentId !== undefined,
  });

async function readInfo(id: string, signal: AbortSignal): Promise<RunInfo | undefined> {
  try {
    return (await getRun(id, signal)).run.info;
  } catch (cause) {
    if (cause instanceof ApiError && cause.code === "not_found") return undefined;
    throw cause;
  }
}
