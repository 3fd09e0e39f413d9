import type { Report } from "@/api/types";

/** Reports whose title holds the text, starred ones first, else in the order in which they came. */
export function arrange(reports: readonly Report[], text: string, starred: ReadonlySet<string>): Report[] {
  const wanted = text.trim().toLowerCase();
  return reports
    .filter(({ newest }) => newest.title.toLowerCase().includes(wanted))
    .toSorted((a, b) => Number(starred.has(b.id)) - Number(starred.has(a.id)));
}
