import { useParams } from "@tanstack/react-router";
import { Archive, Download, Ellipsis, History, Pencil, RotateCcw, Trash2 } from "lucide-react";
import { lazy, Suspense, useRef, useState } from "react";
import { failureOf } from "@/api/queries";
import { setReportLifecycle, useReport, useReportVersion } from "@/api/reports";
import type { Report, ReportVersion } from "@/api/types";
import { formatTime } from "@/state/format";
import { useAddress } from "@/state/search";
import { Button, IconButton } from "@/ui/button";
import { Menu, MenuItem } from "@/ui/menu";
import { StarButton } from "@/ui/star";
import { ErrorState, Skeleton } from "@/ui/state-views";
import { Ago } from "@/ui/time";
import { notify, notifyError } from "@/ui/toast";
import { useCrumbs } from "../shell";
import { ReportBody } from "./report-body";
import { ReportCrumb } from "./report-crumb";
import { Versions } from "./versions";

const Editor = lazy(() => import("./editor"));

/** A report in its newest version, or in the one the address names; `edit` opens it for writing. */
export function ReportPage() {
  const { reportId } = useParams({ strict: false }) as { reportId: string };
  const [search, change] = useAddress();
  const report = useReport(reportId);
  const number = search.version === undefined ? undefined : Number.parseInt(search.version, 10);
  const old = number !== undefined && number !== report.data?.newest.number;
  const version = useReportVersion(reportId, old ? number : undefined);
  const title = report.data?.newest.title ?? "";
  useCrumbs(title, title && <ReportCrumb title={title} />);

  const failure = failureOf(report) ?? (old ? failureOf(version) : null);
  if (failure)
    return (
      <ErrorState
        what={old ? `Version ${number} of this report could not be opened` : "This report could not be opened"}
        error={failure}
        onRetry={() => void report.refetch()}
        className="py-32"
      />
    );
  const shown = old ? version.data : report.data?.newest;
  if (!report.data || !shown) return <Skeleton className="mx-auto mt-8 h-96 max-w-4xl" />;
  if (search.edit === "1" && report.data.lifecycle !== "deleted")
    return (
      <Suspense fallback={<Skeleton className="m-6 h-96" />}>
        <Editor report={report.data} onClose={() => change({ edit: undefined, version: undefined })} />
      </Suspense>
    );
  return <Reading report={report.data} version={shown} old={old} change={change} />;
}

function Reading({
  report,
  version,
  old,
  change,
}: {
  report: Report;
  version: ReportVersion;
  old: boolean;
  change: ReturnType<typeof useAddress>[1];
}) {
  const article = useRef<HTMLElement>(null);
  const [history, setHistory] = useState(false);
  const [exporting, setExporting] = useState(false);
  const deleted = report.lifecycle === "deleted";

  const download = async () => {
    if (!article.current) return;
    setExporting(true);
    try {
      const { exportReport } = await import("./export/export-report");
      const left = await exportReport(article.current, report.id, version);
      notify(
        left === 0
          ? "The report was saved as one file"
          : `Saved; ${left} of its blocks were not ready and are left out`,
      );
    } catch (cause) {
      notifyError("The report could not be exported", cause);
    }
    setExporting(false);
  };
  const setLifecycle = async (lifecycle: Report["lifecycle"]) => {
    try {
      await setReportLifecycle(report.id, lifecycle);
      if (lifecycle !== "active")
        notify(`The report was ${lifecycle}`, { label: "Undo", run: () => void setLifecycle("active") });
    } catch (cause) {
      notifyError("The report could not be changed", cause);
    }
  };

  return (
    <div className="mx-auto max-w-4xl px-4 pt-6 pb-24 sm:px-6">
      <article ref={article} aria-labelledby="report-title">
        <header className="mb-6 flex flex-wrap items-start gap-x-3 gap-y-2 border-b border-line pb-4">
          <div className="min-w-0 grow basis-64">
            <h1 id="report-title" className="text-xl font-semibold tracking-tight text-balance">
              {version.title}
            </h1>
            <p className="mt-1 text-xs text-ink-3">
              Version {version.number} by {version.person},{" "}
              <span title={formatTime(version.savedAt)}>
                <Ago time={version.savedAt} />
              </span>
              {report.lifecycle !== "active" && (
                <span className={deleted ? "text-bad" : "text-warn"}> · {report.lifecycle}</span>
              )}
            </p>
          </div>
          <div data-screen-only className="flex gap-2">
            {deleted ? (
              <Button onClick={() => void setLifecycle("active")}>
                <RotateCcw />
                Restore
              </Button>
            ) : (
              <Button look="primary" onClick={() => change({ edit: "1", version: undefined })}>
                <Pencil />
                Edit
              </Button>
            )}
            <Button disabled={exporting} onClick={() => void download()}>
              <Download />
              {exporting ? "Exporting…" : "Export"}
            </Button>
            <StarButton kind="report" id={report.id} name={version.title} className="size-8" />
            <IconButton label="Versions" onClick={() => setHistory(true)}>
              <History />
            </IconButton>
            {!deleted && (
              <Menu
                trigger={
                  <Button look="ghost" aria-label="More" className="w-8 px-0">
                    <Ellipsis />
                  </Button>
                }
              >
                <MenuItem onSelect={() => void setLifecycle(report.lifecycle === "active" ? "archived" : "active")}>
                  {report.lifecycle === "active" ? <Archive /> : <RotateCcw />}
                  {report.lifecycle === "active" ? "Archive" : "Take out of the archive"}
                </MenuItem>
                <MenuItem danger onSelect={() => void setLifecycle("deleted")}>
                  <Trash2 />
                  Delete
                </MenuItem>
              </Menu>
            )}
          </div>
        </header>
        {old && (
          <div
            data-screen-only
            className="mb-5 flex flex-wrap items-center gap-3 rounded-lg bg-warn-soft px-4 py-2 text-sm text-warn"
          >
            <span className="grow">
              This is version {version.number} of {report.newest.number}. Its blocks show what is stored today.
            </span>
            <Button look="ghost" className="text-warn" onClick={() => change({ version: undefined })}>
              Newest version
            </Button>
          </div>
        )}
        <ReportBody body={version.body ?? ""} />
      </article>
      <Versions
        reportId={report.id}
        open={history}
        shown={version.number}
        onClose={() => setHistory(false)}
        onChoose={(number) => change({ version: number === report.newest.number ? undefined : `${number}` })}
      />
    </div>
  );
}
