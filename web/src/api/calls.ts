import { framesType, readFrames } from "./frame-bytes";
import { groupsType, readGroups } from "./group-bytes";
import { getJson, query, request, sendJson } from "./http";
import type {
  ArtifactList,
  Erasure,
  ExperimentInfo,
  ExperimentPage,
  Frame,
  FramesRequest,
  GroupsRequest,
  Importance,
  ImportanceRequest,
  KeyList,
  MetricGroups,
  RunDetails,
  RunInfo,
  RunPage,
  RunTablePage,
  RunTableRequest,
  SavedView,
  SearchRuns,
  SeriesRef,
  ServerInfo,
  UpdateExperiment,
  UpdateRun,
  Workspace,
} from "./types";

const root = "/api/v1";
const run = (id: string) => `${root}/runs/${encodeURIComponent(id)}`;

export const getServer = (signal?: AbortSignal) => getJson<ServerInfo>(`${root}/server`, signal);

export interface ListExperiments {
  filter?: string;
  orderBy?: string[];
  lifecycle?: string;
  limit?: number;
  pageToken?: string;
  summary?: boolean;
}

export const listExperiments = (options: ListExperiments, signal?: AbortSignal) =>
  getJson<ExperimentPage>(`${root}/experiments${query({ ...options })}`, signal);

export const getExperiment = (id: string, signal?: AbortSignal) =>
  getJson<ExperimentInfo>(`${root}/experiments/${encodeURIComponent(id)}?summary=true`, signal);

export const createExperiment = (name: string) => sendJson<ExperimentInfo>("POST", `${root}/experiments`, { name });

export const updateExperiment = (id: string, change: UpdateExperiment) =>
  sendJson<ExperimentInfo>("PATCH", `${root}/experiments/${encodeURIComponent(id)}`, change);

export const getKeys = (id: string, signal?: AbortSignal, options: { contains?: string; limit?: number } = {}) =>
  getJson<KeyList>(
    `${root}/experiments/${encodeURIComponent(id)}/keys${query({ limit: 200_000, ...options })}`,
    signal,
  );

const experiment = (id: string) => `${root}/experiments/${encodeURIComponent(id)}`;

/** What the person left on the experiment's page; nothing when that was not touched yet. */
export async function getWorkspace(experimentId: string, signal?: AbortSignal): Promise<Workspace | undefined> {
  const response = await request(`${experiment(experimentId)}/workspace`, signal ? { signal } : undefined);
  return response.status === 204 ? undefined : ((await response.json()) as Workspace);
}

/** With `keepalive` the browser finishes the request when the page goes away; it does so for 64 KiB at most. */
export const setWorkspace = (experimentId: string, settings: object, keepalive = false) => {
  const body = JSON.stringify({ settings });
  return request(`${experiment(experimentId)}/workspace`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body,
    keepalive: keepalive && body.length < 60_000,
  });
};

export const getView = (experimentId: string, viewId: string, signal?: AbortSignal) =>
  getJson<SavedView>(`${experiment(experimentId)}/views/${encodeURIComponent(viewId)}`, signal);

export const searchRuns = (search: SearchRuns, signal?: AbortSignal) =>
  sendJson<RunPage>("POST", `${root}/runs/search`, search, signal);

export const getRun = (id: string, signal?: AbortSignal) => getJson<RunDetails>(run(id), signal);

export const listErasures = (id: string, signal?: AbortSignal) =>
  getJson<Erasure[]>(`${run(id)}/metrics/erasures`, signal);

export const updateRun = (id: string, change: UpdateRun) => sendJson<RunInfo>("PATCH", run(id), change);

export async function getFrames(body: FramesRequest & { series: SeriesRef[] }, signal?: AbortSignal): Promise<Frame[]> {
  const response = await request(`${root}/metrics/frames`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: framesType },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
  return readFrames(await response.arrayBuffer(), body.series);
}

export async function getGroups(body: GroupsRequest, signal?: AbortSignal): Promise<MetricGroups> {
  const response = await request(`${root}/metrics/groups`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: groupsType },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
  return readGroups(await response.arrayBuffer());
}

export const readTable = (body: RunTableRequest, signal?: AbortSignal) =>
  sendJson<RunTablePage>("POST", `${root}/runs/table`, body, signal);

export const measureImportance = (body: ImportanceRequest, signal?: AbortSignal) =>
  sendJson<Importance>("POST", `${root}/runs/importance`, body, signal);

export const listArtifacts = (runId: string, path: string, signal?: AbortSignal) =>
  getJson<ArtifactList>(`${run(runId)}/artifacts${query({ path })}`, signal);

export function artifactUrl(runId: string, path: string, download = false): string {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return `${run(runId)}/artifacts/${encoded}${download ? "?download=true" : ""}`;
}

export interface ArtifactHead {
  text: string;
  /** Bytes that were read; less than the file's size when only its beginning was asked for. */
  read: number;
}

/** The first bytes of a file as text; a character cut in half at the end is dropped. */
export async function readArtifactHead(
  runId: string,
  path: string,
  bytes: number,
  size: number,
  signal?: AbortSignal,
): Promise<ArtifactHead> {
  if (size === 0) return { text: "", read: 0 };
  const last = Math.min(bytes, size) - 1;
  const response = await request(artifactUrl(runId, path), {
    headers: { range: `bytes=0-${last}` },
    ...(signal ? { signal } : {}),
  });
  const buffer = new Uint8Array(await response.arrayBuffer()).subarray(0, last + 1);
  return { text: new TextDecoder("utf-8").decode(buffer, { stream: true }), read: buffer.length };
}
