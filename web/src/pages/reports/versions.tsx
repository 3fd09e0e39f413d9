import { failureOf } from "@/api/queries";
import { useReportVersions } from "@/api/reports";
import { cx } from "@/ui/classes";
import { Dialog } from "@/ui/dialog";
import { ErrorState, Skeleton } from "@/ui/state-views";
import { Ago } from "@/ui/time";

/** All versions of a report, the newest first; none is ever lost. */
export function Versions({
  reportId,
  open,
  shown,
  onClose,
  onChoose,
}: {
  reportId: string;
  open: boolean;
  shown: number;
  onClose: () => void;
  onChoose: (number: number) => void;
}) {
  const versions = useReportVersions(reportId, open);
  const failure = failureOf(versions);
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Versions"
      description="Every time the report was saved. The blocks of an older version show what is stored today."
    >
      {failure ? (
        <ErrorState what="The versions could not be read" error={failure} />
      ) : !versions.data ? (
        <Skeleton className="h-32" />
      ) : (
        <ul className="-mx-2">
          {versions.data.map((version) => (
            <li key={version.number}>
              <button
                type="button"
                aria-current={version.number === shown}
                onClick={() => {
                  onChoose(version.number);
                  onClose();
                }}
                className={cx(
                  "flex w-full items-baseline gap-3 rounded-md px-2 py-1.5 text-left hover:bg-hover",
                  version.number === shown && "bg-selected",
                )}
              >
                <span className="num w-8 shrink-0 text-right text-ink-3">{version.number}</span>
                <span className="min-w-0 grow truncate">{version.title}</span>
                <span className="shrink-0 text-xs text-ink-3">{version.person}</span>
                <Ago time={version.savedAt} className="w-24 shrink-0 text-right text-xs text-ink-3" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
