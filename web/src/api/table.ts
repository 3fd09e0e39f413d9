import { getJson, query, request, sendJson } from "./http";
import type { ColumnsAnswer, FieldValues, GroupFigures, JsonNumber, Lifecycle } from "./types";

const root = "/api/v1";

/** The search of a table, as every call about it takes it. */
export interface TableSearch {
  experimentIds: readonly string[];
  filter: string;
  orderBy: readonly string[];
  lifecycle: Lifecycle | "all";
  /** Only the runs of a group. */
  within?: readonly GroupKey[];
}

/** What the runs of a group agree in; without a value they are those that lack one. */
export interface GroupKey {
  field: string;
  value?: JsonNumber | string;
}

export interface TablePage {
  runs: string[];
  columns: { field: string; values: (JsonNumber | string | null)[] }[];
  nextPageToken?: string;
  total?: number;
  totalIsExact?: boolean;
}

const searched = ({ experimentIds, filter, orderBy, lifecycle, within = [] }: TableSearch) => ({
  experimentIds,
  lifecycle,
  ...(within.length > 0 ? { within } : {}),
  ...(filter ? { filter } : {}),
  ...(orderBy.length > 0 ? { orderBy } : {}),
});

/** Runs of a search, column by column. */
export const readTable = (
  search: TableSearch,
  page: {
    columns: readonly string[];
    limit: number;
    skip?: number;
    roots?: boolean;
    count?: boolean;
    pageToken?: string;
  },
  signal?: AbortSignal,
) => sendJson<TablePage>("POST", `${root}/runs/table`, { ...searched(search), ...page }, signal);

/** Ids of the runs of a search, one more than `most` at the most: then there are more. */
export const readIds = async (search: TableSearch, most: number, signal?: AbortSignal): Promise<string[]> =>
  (await readTable(search, { columns: [], limit: most + 1 }, signal)).runs;

export interface GroupsPage {
  groups: { value?: JsonNumber | string; count: number; within: GroupKey[]; columns: GroupFigures[] }[];
  total: number;
  /** Runs in all of them. */
  runs: number;
}

/** The groups of the runs that a search finds, one level of them. */
export const readGroups = (
  search: TableSearch,
  page: {
    by: readonly string[];
    columns: readonly string[];
    goals: Readonly<Record<string, "min" | "max">>;
    groupOrder: readonly string[];
    limit: number;
    skip: number;
  },
  signal?: AbortSignal,
) => {
  const { groupOrder, ...rest } = page;
  const body = {
    ...searched({ ...search, orderBy: [] }),
    ...rest,
    ...(groupOrder.length > 0 ? { orderBy: groupOrder } : {}),
  };
  return sendJson<GroupsPage>("POST", `${root}/runs/groups`, body, signal);
};

/** What each key in use holds over the newest runs that a search finds. */
export const readColumnFacts = (search: TableSearch, signal?: AbortSignal) =>
  sendJson<ColumnsAnswer>("POST", `${root}/runs/columns`, searched({ ...search, orderBy: [] }), signal);

/** Values of a field that are in use in an experiment. */
export const readValues = (experimentId: string, field: string, contains: string, signal?: AbortSignal) =>
  getJson<FieldValues>(
    `${root}/experiments/${encodeURIComponent(experimentId)}/values${query({ field, contains, limit: 12 })}`,
    signal,
  );

/** Runs of a search as a file; any number of them. */
export async function exportTable(
  search: TableSearch,
  columns: readonly string[],
  format: "csv" | "parquet",
  signal?: AbortSignal,
): Promise<Blob> {
  const response = await request(`${root}/runs/export?format=${format}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...searched(search), columns }),
    ...(signal ? { signal } : {}),
  });
  return response.blob();
}
