import { getFrames } from "./calls";
import type { Axis, Frame } from "./types";

export interface FrameQuery {
  runIds: string[];
  key: string;
  axis: Axis;
  /** The metric that is x, with the axis `metric`. */
  xKey?: string;
  buckets: number;
  from?: number;
  to?: number;
}

interface Waiting {
  query: FrameQuery;
  signal: AbortSignal | undefined;
  resolve: (frames: Frame[]) => void;
  reject: (cause: unknown) => void;
}

const perRequest = 200;
let waiting: Waiting[] = [];

/** The drawings of one metric of some runs. Cards that ask at the same moment share a request. */
export function loadFrames(query: FrameQuery, signal?: AbortSignal): Promise<Frame[]> {
  return new Promise((resolve, reject) => {
    if (waiting.length === 0) setTimeout(flush, 8);
    waiting.push({ query, signal, resolve, reject });
  });
}

function flush(): void {
  const wanted = waiting.filter((one) => !one.signal?.aborted);
  waiting = [];
  for (const group of groupQueries(wanted.map((one) => one.query)))
    void send(group.map((index) => wanted[index] as Waiting));
}

/** Indexes of queries that fit in one request: the same axis, range and width, and not too many series. */
export function groupQueries(queries: FrameQuery[], limit = perRequest): number[][] {
  const open = new Map<string, { indexes: number[]; series: number }>();
  const groups: number[][] = [];
  queries.forEach((query, index) => {
    const kind = `${query.axis}|${query.buckets}|${query.from}|${query.to}|${query.xKey ?? ""}`;
    let group = open.get(kind);
    if (!group || group.series + query.runIds.length > limit) {
      group = { indexes: [], series: 0 };
      open.set(kind, group);
      groups.push(group.indexes);
    }
    group.indexes.push(index);
    group.series += query.runIds.length;
  });
  return groups;
}

async function send(group: Waiting[]): Promise<void> {
  const first = group[0]?.query;
  if (!first) return;
  const abort = new AbortController();
  let open = group.length;
  for (const one of group)
    one.signal?.addEventListener("abort", () => {
      open -= 1;
      if (open === 0) abort.abort();
    });
  try {
    const frames = await getFrames(
      {
        series: group.flatMap(({ query }) => query.runIds.map((runId) => ({ runId, key: query.key }))),
        axis: first.axis,
        ...(first.xKey === undefined ? {} : { xKey: first.xKey }),
        buckets: first.buckets,
        ...(first.from === undefined ? {} : { from: first.from }),
        ...(first.to === undefined ? {} : { to: first.to }),
      },
      abort.signal,
    );
    let at = 0;
    for (const one of group) {
      one.resolve(frames.slice(at, at + one.query.runIds.length));
      at += one.query.runIds.length;
    }
  } catch (cause) {
    for (const one of group) one.reject(cause);
  }
}
