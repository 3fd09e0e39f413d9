import type { components } from "./schema";

/** The records of the native API, from its OpenAPI document (`npm run schema` reads it again). The server leaves out what is null. */
type Schemas = components["schemas"];

/** Numbers that JSON cannot carry arrive as text. */
export type JsonNumber = number | "NaN" | "Infinity" | "-Infinity";
export type RunStatus = "running" | "scheduled" | "finished" | "failed" | "killed";
export type Lifecycle = "active" | "archived" | "deleted";
export type Axis = "step" | "time" | "relative" | "metric";

type Words<K, V> = V extends string
  ? K extends "status"
    ? RunStatus
    : K extends "lifecycle"
      ? Lifecycle
      : K extends "direction"
        ? "input" | "output"
        : V
  : V;

type OptionalKeys<T> = { [K in keyof T]-?: null extends T[K] ? K : undefined extends T[K] ? K : never }[keyof T];

/** What a record of the document looks like on its way: no null, known words instead of any text. */
type Sent<T> = T extends (infer U)[]
  ? Sent<U>[]
  : T extends object
    ? { [K in Exclude<keyof T, OptionalKeys<T>>]: Words<K, Sent<T[K]>> } & {
        [K in OptionalKeys<T>]?: Words<K, Sent<NonNullable<T[K]>>>;
      }
    : T;

export type ServerInfo = Sent<Schemas["ServerInfo"]>;
export type ExperimentInfo = Sent<Schemas["ExperimentInfo"]>;
export type ExperimentPage = Sent<Schemas["ExperimentPage"]>;
export type KeyList = Sent<Schemas["KeyList"]>;
export type RunInfo = Sent<Schemas["RunInfo"]>;
export type MetricSummary = Sent<Schemas["MetricSummaryInfo"]>;
export type RunRow = Sent<Schemas["RunRow"]>;
export type RunPage = Sent<Schemas["RunPage"]>;
export type RunDetails = Sent<Schemas["RunDetailsInfo"]>;
export type RunEnvironment = Sent<Schemas["RunEnvironment"]>;
export type RunColumns = Sent<Schemas["RunColumns"]>;
/** Where runs are looked for, `all` is a lifecycle too. */
type Looking<T> = Omit<T, "lifecycle"> & { lifecycle?: Lifecycle | "all" };

export type SearchRuns = Looking<Sent<Schemas["SearchRunsRequest"]>>;
export type UpdateExperiment = Sent<Schemas["UpdateExperimentRequest"]>;
export type UpdateRun = Sent<Schemas["UpdateRunRequest"]>;
export type Star = Sent<Schemas["StarInfo"]>;
export type Comment = Sent<Schemas["CommentInfo"]>;
export type CommentPage = Sent<Schemas["CommentPage"]>;
export type Erasure = Sent<Schemas["ErasureInfo"]>;
export type FramesRequest = Sent<Schemas["FramesRequest"]>;
export type SeriesRef = Sent<Schemas["SeriesRef"]>;

/** A drawn series; the columns have one length, and those that are not always there are absent when each bucket is one point (`exact`). */
export interface Frame {
  runId: string;
  key: string;
  exact: boolean;
  points: number;
  x: ArrayLike<number>;
  last: ArrayLike<number>;
  min?: ArrayLike<number>;
  max?: ArrayLike<number>;
  mean?: ArrayLike<number>;
  first?: ArrayLike<number>;
  count?: ArrayLike<number>;
}
export type SavedView = Sent<Schemas["SavedViewInfo"]>;
export type Workspace = Sent<Schemas["WorkspaceInfo"]>;

/** Runs drawn together by one metric; every column has the length of `x`, and is NaN where `count` is 0. */
export interface MetricGroups {
  x: ArrayLike<number>;
  groups: MetricGroup[];
  /** Runs that were looked at; fewer than the search finds when not `complete`. */
  runs: number;
  complete: boolean;
}

export interface MetricGroup {
  by: Record<string, string>;
  runs: number;
  /** Runs that have a value in the range. */
  drawn: number;
  mean: ArrayLike<number>;
  deviation: ArrayLike<number>;
  min: ArrayLike<number>;
  max: ArrayLike<number>;
  count: ArrayLike<number>;
}

export type GroupsRequest = Omit<Sent<Schemas["GroupsRequest"]>, "search"> & {
  search?: Looking<Sent<Schemas["GroupSearch"]>>;
};
export type ImportanceRequest = Omit<Sent<Schemas["ImportanceRequest"]>, "search"> & {
  search?: Looking<Sent<Schemas["RunSearch"]>>;
};

/** Which params a metric depends on, the most important first. */
export interface Importance {
  runs: number;
  complete: boolean;
  /** The share of what the metric varies by that the params predict, 0 to 1. */
  explained: number;
  params: { key: string; kind: string; importance: number; correlation?: number; runs: number }[];
}
export type RunTableRequest = Looking<Sent<Schemas["RunTableRequest"]>>;
export type RunTablePage = Sent<Schemas["RunTablePage"]>;
export type ColumnFacts = Sent<Schemas["RunColumnInfo"]>;
export type BulkAnswer = Sent<Schemas["BulkResponse"]>;
export type ColumnsAnswer = Sent<Schemas["RunColumnsInfo"]>;
export type GroupFigures = Sent<Schemas["RunGroupFigures"]>;
export type FieldValues = Sent<Schemas["FieldValueList"]>;
export type ArtifactInfo = Sent<Schemas["ArtifactInfo"]>;
export type ArtifactList = Sent<Schemas["ArtifactList"]>;
export type RowPage = Sent<Schemas["RowPage"]>;
export type LiveChange = Sent<Schemas["LiveChange"]>;
export type LiveChanges = Sent<Schemas["LiveChanges"]>;
export type Problem = Partial<Omit<Sent<Schemas["Problem"]>, "status">> & { status: number };

export type ConsoleLine = Sent<Schemas["ConsoleLineInfo"]>;
export type ConsolePage = Sent<Schemas["ConsolePage"]>;
export type ConsoleMatch = Sent<Schemas["ConsoleMatchInfo"]>;
export type ConsoleMatches = Sent<Schemas["ConsoleMatchList"]>;
export type MediaType =
  | "image"
  | "audio"
  | "video"
  | "html"
  | "text"
  | "table"
  | "histogram"
  | "plotly"
  | "confusion-matrix"
  | "roc"
  | "pr";
/** Steps are finite, whatever the document says of numbers. */
type OfMedia<T> = { [K in keyof T]: K extends "type" ? MediaType : JsonNumber extends T[K] ? number : T[K] };
export type MediaKey = OfMedia<Sent<Schemas["MediaKeyInfo"]>>;
export type MediaItem = OfMedia<Sent<Schemas["MediaItemInfo"]>>;
export type MediaPage = Omit<Sent<Schemas["MediaItemPage"]>, "items"> & { items: MediaItem[] };
export type MediaOfRun = Omit<Sent<Schemas["MediaOfRun"]>, "items"> & { items: MediaItem[] };
export type Report = Sent<Schemas["ReportInfo"]>;
export type ReportVersion = Sent<Schemas["ReportVersionInfo"]>;
export type ReportPage = Sent<Schemas["ReportPage"]>;
