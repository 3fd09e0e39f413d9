import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { artifactUrl } from "@/api/calls";
import { failureOf, useRun } from "@/api/queries";
import type { RunRow } from "@/api/types";
import { formatCount, formatNumber, plural, toNumber } from "@/state/format";
import { Status } from "@/ui/status";
import { Ago, Duration } from "@/ui/time";
import type { ImageBlock, MetricBlock, RunBlock } from "./block";
import { Fault, Frame, Waiting } from "./frame";

const listed = 12;

export function RunView({ block }: { block: RunBlock }) {
  const run = useRun(block.run);
  const failure = failureOf(run);
  if (failure) return <Fault what={`Run ${block.run} could not be read. ${failure.message}`} />;
  if (!run.data) return <Waiting height={140} />;
  const row = run.data.run;
  return (
    <Frame>
      <div className="rounded-lg border border-line bg-surface px-4 py-3 shadow-card">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
          <RunLink row={row} className="font-medium" />
          <Status status={row.info.status} className="text-xs" />
          <span className="text-xs text-ink-3">
            <Duration run={row.info} />
          </span>
          <Ago time={row.info.startTime} className="text-xs text-ink-3" />
        </div>
        <div className="mt-3 grid gap-x-8 gap-y-3 sm:grid-cols-2">
          <Pairs title="Metrics" pairs={metricsOf(row)} />
          <Pairs title="Params" pairs={Object.entries(row.params)} />
        </div>
      </div>
    </Frame>
  );
}

const metricsOf = (row: RunRow): [string, string][] =>
  Object.entries(row.metrics)
    .filter(([key]) => !key.startsWith("system/"))
    .map(([key, summary]) => [key, formatNumber(toNumber(summary.last))]);

function Pairs({ title, pairs }: { title: string; pairs: [string, string][] }) {
  if (pairs.length === 0) return null;
  return (
    <div className="min-w-0">
      <h4 className="text-xs text-ink-3">{title}</h4>
      <dl className="mt-1 space-y-0.5 text-sm">
        {pairs.slice(0, listed).map(([name, value]) => (
          <div key={name} className="flex items-baseline gap-3">
            <dt className="min-w-0 grow truncate text-ink-2" title={name}>
              {name}
            </dt>
            <dd className="num max-w-[60%] truncate font-medium" title={value}>
              {value}
            </dd>
          </div>
        ))}
      </dl>
      {pairs.length > listed && (
        <p className="mt-1 text-xs text-ink-3">and {formatCount(pairs.length - listed)} more</p>
      )}
    </div>
  );
}

const RunLink = ({ row, className }: { row: RunRow; className?: string }) => (
  <Link
    to="/runs/$runId"
    params={{ runId: row.info.id }}
    className={`min-w-0 truncate rounded-sm hover:text-accent hover:underline ${className ?? ""}`}
  >
    {row.info.name}
  </Link>
);

export function MetricView({ block }: { block: MetricBlock }) {
  const run = useRun(block.run);
  const failure = failureOf(run);
  if (failure) return <Fault what={`Run ${block.run} could not be read. ${failure.message}`} />;
  if (!run.data) return <Waiting height={84} />;
  const row = run.data.run;
  const summary = row.metrics[block.key];
  if (!summary) return <Fault what={`Run ${row.info.name} has no metric ${block.key}`} />;
  const value = summary[block.pick];
  return (
    <Frame>
      <div className="inline-flex max-w-full flex-col rounded-lg border border-line bg-surface px-4 py-3 shadow-card">
        <span className="truncate text-xs text-ink-3">
          {block.key}
          {block.pick !== "last" && `, ${block.pick === "min" ? "least" : "greatest"} value`}
        </span>
        <span className="num mt-0.5 text-xl font-semibold" title={String(value)}>
          {value === undefined ? "no finite value" : formatNumber(toNumber(value), 6)}
        </span>
        <span className="mt-0.5 flex min-w-0 gap-1 text-xs text-ink-3">
          <RunLink row={row} />
          <span className="num shrink-0">· {plural(summary.count, "point")}</span>
        </span>
      </div>
    </Frame>
  );
}

export function ImageView({ block }: { block: ImageBlock }) {
  const [state, setState] = useState<"loading" | "shown" | "failed">("loading");
  if (state === "failed")
    return (
      <Fault
        what={`The picture ${block.path} of run ${block.run} could not be shown: it is not there, or no picture`}
      />
    );
  return (
    <Frame busy={state === "loading"} caption={block.caption}>
      <img
        src={artifactUrl(block.run, block.path)}
        alt={block.caption ?? block.path}
        onLoad={() => setState("shown")}
        onError={() => setState("failed")}
        className="max-h-[70dvh] max-w-full rounded-lg border border-line"
      />
    </Frame>
  );
}
