import { Link } from "@tanstack/react-router";
import { updateRun } from "@/api/calls";
import { keys, renew } from "@/api/queries";
import type { RunDetails } from "@/api/types";
import { CommentsCard } from "@/discussion/comments-card";
import { NotesCard } from "@/discussion/notes-card";
import { formatCount, shorten } from "@/state/format";
import { Card } from "@/ui/card";
import { CopyButton } from "@/ui/copy";
import { Status } from "@/ui/status";
import { Ago, Duration } from "@/ui/time";
import { CodeCard } from "./code-card";
import { EnvironmentCard } from "./environment-card";
import { MetricsCard } from "./metrics-card";
import { PairsCard } from "./pairs-card";
import { TagsCard } from "./tags-card";

/** Params and facts at the left, what came out at the right; cards without content are left out where they teach nothing. */
export function Overview({ details, onChart }: { details: RunDetails; onChart: (metric: string) => void }) {
  const { run, notes, environment, children } = details;
  return (
    <div className="grid items-start gap-4 px-4 py-5 sm:px-6 lg:grid-cols-[minmax(0,5fr)_minmax(0,7fr)]">
      <div className="grid min-w-0 gap-4">
        <PairsCard title="Params" pairs={run.params} empty="The run logged no params." />
        <TagsCard runId={run.info.id} tags={run.tags} />
        {environment && <CodeCard runId={run.info.id} environment={environment} />}
        {environment && <EnvironmentCard environment={environment} />}
      </div>
      <div className="grid min-w-0 gap-4 max-lg:order-first">
        <MetricsCard metrics={run.metrics} onChart={onChart} />
        <NotesCard
          notes={notes}
          empty="What was tried, and what came out of it?"
          onSave={async (text) => {
            await updateRun(run.info.id, { notes: text });
            await renew({ queryKey: keys.run(run.info.id) });
          }}
        />
        {run.inputs.length > 0 && <DatasetsCard inputs={run.inputs} />}
        {run.models.length > 0 && (
          <Card title="Models">
            <ul className="divide-y divide-line">
              {run.models.map((model) => (
                <li
                  key={`${model.modelId} ${model.direction}`}
                  className="flex items-center justify-between gap-3 px-4 py-2"
                >
                  <CopyButton text={model.modelId} label="Copy the model id" className="-ml-1">
                    {shorten(model.modelId, 16)}
                  </CopyButton>
                  <span className="text-ink-2">
                    {model.direction === "output" ? `made at step ${model.step}` : "read"}
                  </span>
                </li>
              ))}
            </ul>
          </Card>
        )}
        {children.length > 0 && <ChildrenCard runs={children} />}
        <CommentsCard subject={{ kind: "run", id: run.info.id }} />
      </div>
    </div>
  );
}

function DatasetsCard({ inputs }: { inputs: RunDetails["run"]["inputs"] }) {
  return (
    <Card title="Datasets in">
      <ul className="divide-y divide-line">
        {inputs.map(({ dataset, tags }) => (
          <li
            key={`${dataset.name} ${dataset.digest} ${tags.context}`}
            className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5"
          >
            <span className="font-medium">{dataset.name}</span>
            {tags.context && (
              <span className="rounded-sm bg-accent-soft px-1.5 text-2xs font-medium text-accent">{tags.context}</span>
            )}
            <span className="min-w-0 grow truncate text-ink-2" title={dataset.source}>
              {dataset.source}
            </span>
            <CopyButton text={dataset.digest} label="Copy the digest">
              {shorten(dataset.digest, 19)}
            </CopyButton>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function ChildrenCard({ runs }: { runs: RunDetails["children"] }) {
  return (
    <Card title={`Nested runs (${formatCount(runs.length)})`}>
      <ul className="max-h-96 divide-y divide-line overflow-auto">
        {runs.map((run) => (
          <li
            key={run.id}
            className="grid grid-cols-[minmax(0,1fr)_6.5rem_6rem] items-center gap-3 px-4 py-2 sm:grid-cols-[minmax(0,1fr)_6.5rem_6rem_6rem]"
          >
            <Link
              to="/runs/$runId"
              params={{ runId: run.id }}
              className="truncate rounded-sm font-medium hover:text-accent hover:underline"
            >
              {run.name}
            </Link>
            <Status status={run.status} />
            <span className="text-right text-ink-2">
              <Duration run={run} />
            </span>
            <Ago time={run.startTime} className="hidden text-right text-ink-2 sm:inline" />
          </li>
        ))}
      </ul>
    </Card>
  );
}
