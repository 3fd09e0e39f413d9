import { StickyNote } from "lucide-react";
import { updateExperiment } from "@/api/calls";
import { standingComments, useComments } from "@/api/comments";
import { keys, renew, useExperiment } from "@/api/queries";
import { CommentsCard } from "@/discussion/comments-card";
import { NotesCard } from "@/discussion/notes-card";
import { useAddress } from "@/state/search";
import { Button } from "@/ui/button";
import { cx } from "@/ui/classes";
import { Drawer } from "@/ui/drawer";
import { ErrorState, Skeleton } from "@/ui/state-views";

/** Opens what people wrote about the experiment, beside the table; the address says that it is open. */
export function NotesButton({ experimentId }: { experimentId: string }) {
  const [address, change] = useAddress();
  const experiment = useExperiment(experimentId);
  const comments = useComments({ kind: "experiment", id: experimentId });
  const open = address.notes !== undefined;
  const written = (experiment.data?.notes ?? "") !== "";
  const said = standingComments(comments);
  return (
    <>
      <Button
        look="ghost"
        className="font-normal"
        aria-expanded={open}
        onClick={() => change({ notes: open ? undefined : "1" })}
      >
        <StickyNote className={cx(written && "text-accent")} />
        <span className="max-sm:sr-only">Notes</span>
        <span className="sr-only">and comments</span>
        {said.count > 0 && <span className="num text-2xs text-ink-3">{said.text}</span>}
      </Button>
      <Drawer
        open={open}
        onClose={() => change({ notes: undefined })}
        title="Notes and comments"
        description="What this experiment asks, and what people see in it"
        name="notes"
        width={440}
      >
        <div className="grid gap-4 p-4">
          {experiment.data ? (
            <NotesCard
              notes={experiment.data.notes ?? ""}
              empty="What is the question, what is the baseline, and what came out? Markdown, for everybody who opens the experiment."
              onSave={async (notes) => {
                await updateExperiment(experimentId, { notes });
                await renew({ queryKey: keys.experiment(experimentId) });
              }}
            />
          ) : experiment.error ? (
            <ErrorState
              what="The notes could not be read"
              error={experiment.error}
              onRetry={() => void experiment.refetch()}
            />
          ) : (
            <Skeleton className="h-24" />
          )}
          <CommentsCard subject={{ kind: "experiment", id: experimentId }} />
        </div>
      </Drawer>
    </>
  );
}
