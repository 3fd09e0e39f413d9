import { useState } from "react";
import { updateExperiment } from "@/api/calls";
import { failureOf, keys, renew, useKeys } from "@/api/queries";
import type { ExperimentInfo } from "@/api/types";
import { isSystem, matchKeys } from "@/charts/prepare/groups";
import { formatCount } from "@/state/format";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SearchField } from "@/ui/fields";
import { Skeleton } from "@/ui/state-views";
import { notifyError } from "@/ui/toast";

const shownAtOnce = 200;

/** Chooses the metric by which an experiment is shown in the list. */
export const PinDialog = ({ experiment, onClose }: { experiment: ExperimentInfo; onClose: () => void }) => (
  <Dialog
    open
    onClose={onClose}
    title={`Pin a metric of ${experiment.name}`}
    description="Its last value in the newest runs is shown in the list of experiments, to everybody."
  >
    <Metrics experiment={experiment} onClose={onClose} />
  </Dialog>
);

function Metrics({ experiment, onClose }: { experiment: ExperimentInfo; onClose: () => void }) {
  const names = useKeys(experiment.id);
  const [text, setText] = useState("");
  const found = matchKeys(
    (names.data?.metrics ?? []).filter((key) => !isSystem(key)),
    text,
  ).keys;
  const pin = async (pinnedMetric: string) => {
    try {
      await updateExperiment(experiment.id, { pinnedMetric });
      await renew({ queryKey: keys.experiments });
      onClose();
    } catch (cause) {
      notifyError("The metric was not pinned", cause);
    }
  };
  const failure = failureOf(names);
  return (
    <>
      <SearchField label="Search metrics" value={text} onChange={setText} />
      {failure ? (
        <p role="alert" className="py-6 text-center text-bad">
          {failure.message}
        </p>
      ) : !names.data ? (
        <Skeleton className="mt-3 h-40" />
      ) : (
        <ul className="mt-3 max-h-72 overflow-auto">
          {found.slice(0, shownAtOnce).map((key) => (
            <li key={key}>
              <button
                type="button"
                aria-pressed={key === experiment.pinnedMetric}
                onClick={() => void pin(key)}
                className="h-8 w-full truncate rounded-md px-2.5 text-left hover:bg-hover aria-pressed:bg-selected aria-pressed:font-medium"
              >
                {key}
              </button>
            </li>
          ))}
          {found.length === 0 && <li className="py-6 text-center text-ink-2">No metric is called like that.</li>}
          {found.length > shownAtOnce && (
            <li className="px-2.5 py-2 text-ink-3">
              And {formatCount(found.length - shownAtOnce)} more: search to find them.
            </li>
          )}
        </ul>
      )}
      {experiment.pinnedMetric && (
        <Button className="mt-3" onClick={() => void pin("")}>
          Take the pin away
        </Button>
      )}
    </>
  );
}
