import type { ReportText } from "@/api/reports";

/** What was written and not saved yet, kept by this browser so that nothing is lost with the tab. */
export interface Draft extends ReportText {
  /** The version it was begun on. */
  on: number;
}

const nameOf = (reportId: string) => `runstone.report.${reportId}`;

/** The draft of a report; nothing when there is none, or when what is stored is no draft. */
export function readDraft(reportId: string): Draft | undefined {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(nameOf(reportId)) ?? "null");
    return isDraft(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a draft, or forgets it; false when the browser has no room for it. */
export function keepDraft(reportId: string, draft: Draft | undefined): boolean {
  try {
    if (draft) localStorage.setItem(nameOf(reportId), JSON.stringify(draft));
    else localStorage.removeItem(nameOf(reportId));
    return true;
  } catch {
    return false;
  }
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== "object" || value === null) return false;
  const { title, body, on } = value as Record<string, unknown>;
  return typeof title === "string" && typeof body === "string" && Number.isInteger(on);
}
