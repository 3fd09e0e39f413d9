/** The records of src/Runstone.Protocol as they travel. Numbers that JSON cannot carry arrive as text. */
export type JsonNumber = number | "NaN" | "Infinity" | "-Infinity";
export type RunStatus = "running" | "scheduled" | "finished" | "failed" | "killed";
export type Lifecycle = "active" | "deleted";

export interface ServerInfo {
  name: string;
  version: string;
  apiVersion: number;
  startedAt: number;
  store: string;
}

export interface ExperimentCounts {
  runs: number;
  running: number;
  failed: number;
  lastActivityAt: number;
}

export interface ExperimentInfo {
  id: string;
  name: string;
  lifecycle: Lifecycle;
  createdAt: number;
  updatedAt: number;
  tags: Record<string, string>;
  summary?: ExperimentCounts;
}

export interface ExperimentPage {
  experiments: ExperimentInfo[];
  nextPageToken?: string;
}

export interface KeyList {
  metrics: string[];
  params: string[];
  tags: string[];
  truncated: boolean;
}

export interface RunInfo {
  id: string;
  experimentId: string;
  name: string;
  user: string;
  status: RunStatus;
  startTime: number;
  endTime?: number;
  lifecycle: Lifecycle;
  parentId?: string;
  updatedAt: number;
}

export interface MetricSummary {
  last: JsonNumber;
  step: number;
  time: number;
  min?: JsonNumber;
  max?: JsonNumber;
  first: JsonNumber;
  count: number;
}

export interface DatasetInfo {
  name: string;
  digest: string;
  sourceType: string;
  source: string;
  schema?: string;
  profile?: string;
}

export interface DatasetInput {
  dataset: DatasetInfo;
  tags: Record<string, string>;
}

export interface ModelLink {
  modelId: string;
  direction: "input" | "output";
  step: number;
}

export interface RunRow {
  info: RunInfo;
  params: Record<string, string>;
  metrics: Record<string, MetricSummary>;
  tags: Record<string, string>;
  inputs: DatasetInput[];
  models: ModelLink[];
}

export interface RunEnvironment {
  command?: string[];
  workingDirectory?: string;
  host?: string;
  processId?: number;
  git?: { commit: string; branch?: string; remote?: string; dirty: boolean; diffSha256?: string };
  os?: string;
  architecture?: string;
  runtime?: string;
  cpu?: string;
  cpuCount?: number;
  memory?: number;
  gpus?: { name: string; memory?: number; driver?: string }[];
  packages?: Record<string, string>;
  client?: string;
}

export interface RunDetails {
  run: RunRow;
  notes: string;
  environment?: RunEnvironment;
  children: RunInfo[];
}

export interface RunColumns {
  metrics?: string[];
  params?: string[];
  tags?: string[];
  inputs?: boolean;
}

export interface SearchRuns {
  experimentIds?: string[];
  filter?: string;
  orderBy?: string[];
  lifecycle?: Lifecycle | "all";
  limit?: number;
  pageToken?: string;
  columns?: RunColumns;
  count?: boolean;
}

export interface RunPage {
  runs: RunRow[];
  nextPageToken?: string;
  total?: number;
  totalIsExact?: boolean;
}

export interface UpdateRun {
  name?: string;
  status?: RunStatus;
  lifecycle?: Lifecycle;
  notes?: string;
  tags?: Record<string, string | null>;
}

export type Axis = "step" | "time" | "relative";

export interface FramesRequest {
  series: { runId: string; key: string }[];
  axis?: Axis;
  buckets?: number;
  from?: number;
  to?: number;
}

export interface FrameWire {
  runId: string;
  key: string;
  exact: boolean;
  points: number;
  x: JsonNumber[];
  last: JsonNumber[];
  min?: JsonNumber[];
  max?: JsonNumber[];
  mean?: JsonNumber[];
  first?: JsonNumber[];
  count?: number[];
}

export interface ArtifactInfo {
  path: string;
  isFolder: boolean;
  size: number;
  sha256?: string;
  updatedAt: number;
}

export interface ArtifactList {
  entries: ArtifactInfo[];
  nextAfter?: string;
}

export interface LiveChange {
  experimentId: string;
  runId: string;
  kinds: string[];
}

export interface LiveChanges {
  changes: LiveChange[];
  overflow: boolean;
}

export interface Problem {
  type?: string;
  title?: string;
  status: number;
  detail?: string;
  code?: string;
  field?: string;
}
