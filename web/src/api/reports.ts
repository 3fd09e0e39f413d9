import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getJson, query, sendJson } from "./http";
import { renew } from "./queries";
import type { Lifecycle, Report, ReportPage, ReportVersion } from "./types";

const root = "/api/v1/reports";
const path = (id: string) => `${root}/${encodeURIComponent(id)}`;

const keys = {
  all: ["reports"] as const,
  list: (lifecycle: Lifecycle) => ["reports", "list", lifecycle] as const,
  one: (id: string) => ["reports", "one", id] as const,
};

/** What a person writes of a report: its title and its body, which is Markdown with blocks. */
export interface ReportText {
  title: string;
  body: string;
}

export const createReport = (text: ReportText, experimentId?: string) =>
  changed(sendJson<Report>("POST", root, { ...text, ...(experimentId ? { experimentId } : {}) }));

/** Saves the next version; a conflict when another one than `on` is the newest by now. */
export const saveReport = (id: string, on: number, text: ReportText) =>
  changed(sendJson<Report>("POST", `${path(id)}/versions`, { on, ...text }));

export const setReportLifecycle = (id: string, lifecycle: Lifecycle) =>
  changed(sendJson<Report>("PATCH", path(id), { lifecycle }));

async function changed(sent: Promise<Report>): Promise<Report> {
  const report = await sent;
  await renew({ queryKey: keys.all });
  return report;
}

export const getReport = (id: string, signal?: AbortSignal) => getJson<Report>(path(id), signal);

export const useReports = (lifecycle: Lifecycle) =>
  useInfiniteQuery({
    queryKey: keys.list(lifecycle),
    queryFn: ({ signal, pageParam }) =>
      getJson<ReportPage>(`${root}${query({ lifecycle, limit: 500, pageToken: pageParam })}`, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextPageToken,
  });

export const useReport = (id: string) =>
  useQuery({ queryKey: keys.one(id), queryFn: ({ signal }) => getReport(id, signal) });

/** One version with its body; versions never change. */
export const useReportVersion = (id: string, number: number | undefined) =>
  useQuery({
    queryKey: [...keys.one(id), "version", number],
    queryFn: ({ signal }) => getJson<ReportVersion>(`${path(id)}/versions/${number}`, signal),
    enabled: number !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const useReportVersions = (id: string, enabled: boolean) =>
  useQuery({
    queryKey: [...keys.one(id), "versions"],
    queryFn: ({ signal }) => getJson<ReportVersion[]>(`${path(id)}/versions?limit=200`, signal),
    enabled,
  });
