import { Eraser } from "lucide-react";
import { useErasures } from "@/api/queries";
import type { Erasure } from "@/api/types";
import { formatCount } from "@/state/format";
import { Ago } from "@/ui/time";

const shown = 3;

/** Says which points of a run are missing on purpose, so that an empty chart is not taken for a loss. */
export function ErasureNotice({ runId }: { runId: string }) {
  const erasures = [...(useErasures(runId).data ?? [])].sort((a, b) => b.time - a.time);
  if (erasures.length === 0) return null;
  return (
    <aside
      aria-label="Erased metrics"
      className="mx-4 mb-3 flex gap-2.5 rounded-lg border border-line bg-surface px-3 py-2 text-sm text-ink-2 sm:mx-6"
    >
      <Eraser aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-ink-3" />
      <ul className="min-w-0 space-y-0.5">
        {erasures.slice(0, shown).map((erasure) => (
          <li key={`${erasure.key ?? ""} ${erasure.time}`} className="break-words">
            <Sentence erasure={erasure} />
          </li>
        ))}
        {erasures.length > shown && <li className="text-ink-3">and {erasures.length - shown} earlier ones</li>}
      </ul>
    </aside>
  );
}

const Sentence = ({ erasure }: { erasure: Erasure }) => (
  <>
    {erasure.points === 1 ? "1 point" : `${formatCount(erasure.points)} points`} of{" "}
    {erasure.key === undefined ? "all metrics" : <span className="font-medium text-ink">{erasure.key}</span>}{" "}
    {erasure.points === 1 ? "was" : "were"} erased <Ago time={erasure.time} />
    {erasure.reason && `: ${erasure.reason.replace(/\.$/, "")}`}.
    {erasure.summariesKept && " The last, least and greatest values were kept."}
  </>
);
