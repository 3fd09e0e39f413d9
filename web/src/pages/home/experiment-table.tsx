import { Link } from "@tanstack/react-router";
import { Archive, ArrowDown, ArrowUp, Ellipsis, Pin, RotateCcw, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { updateExperiment } from "@/api/calls";
import { keys, renew } from "@/api/queries";
import type { ExperimentInfo, Lifecycle } from "@/api/types";
import { formatCount, plural, toNumber } from "@/state/format";
import { cycleSort, encodeSort, type SortKey } from "@/state/url";
import { cx } from "@/ui/classes";
import { Menu, MenuItem } from "@/ui/menu";
import { StarButton } from "@/ui/star";
import { Ago } from "@/ui/time";
import { notify, notifyError } from "@/ui/toast";
import { PinDialog } from "./pin-dialog";
import { Sparkline } from "./sparkline";

interface Props {
  experiments: ExperimentInfo[];
  sort: SortKey;
  onSort: (sort: string | undefined) => void;
}

export function ExperimentTable({ experiments, sort, onSort }: Props) {
  const head = (field: string, text: string, className: string) => (
    <Head
      field={field}
      sort={sort}
      className={className}
      onSort={() => onSort(encodeSort(cycleSort([sort], field, false, field !== "name")))}
    >
      {text}
    </Head>
  );
  const pinned = experiments.some((one) => one.summary?.pinned);
  return (
    <div className="overflow-x-auto rounded-lg border border-line bg-surface shadow-card">
      <table className="w-full border-collapse text-sm">
        <thead>
          <tr className="border-b border-line text-left text-xs text-ink-3">
            <th className="w-9">
              <span className="sr-only">Star</span>
            </th>
            {head("name", "Name", "pl-1")}
            {head("runs", "Runs", "hidden w-24 text-right sm:table-cell")}
            <th className="hidden w-48 px-3 font-medium sm:table-cell">State</th>
            {pinned && <th className="hidden w-56 px-3 font-medium lg:table-cell">Pinned metric</th>}
            {head("activity", "Last activity", "w-32")}
            {head("created", "Created", "hidden w-32 md:table-cell")}
            <th className="w-12">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {experiments.map((one) => (
            <Row key={one.id} experiment={one} pinned={pinned} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head({
  field,
  sort,
  onSort,
  className,
  children,
}: {
  field: string;
  sort: SortKey;
  onSort: () => void;
  className: string;
  children: ReactNode;
}) {
  const active = sort.field === field;
  const right = className.includes("text-right");
  const Sign = sort.descending ? ArrowDown : ArrowUp;
  return (
    <th
      aria-sort={active ? (sort.descending ? "descending" : "ascending") : "none"}
      className={cx("h-9 px-3 font-medium", className)}
    >
      <button
        type="button"
        onClick={onSort}
        className={cx(
          "inline-flex items-center gap-1 rounded-sm align-middle hover:text-ink",
          active && "text-ink",
          right && "flex-row-reverse",
        )}
      >
        {children}
        <Sign aria-hidden="true" className={cx("size-3", !active && "invisible")} />
      </button>
    </th>
  );
}

function Row({ experiment, pinned }: { experiment: ExperimentInfo; pinned: boolean }) {
  const { summary } = experiment;
  return (
    <tr className="group relative h-12 border-b border-line transition-colors last:border-0 hover:bg-hover/60">
      <td className="relative z-10 pl-2">
        <StarButton kind="experiment" id={experiment.id} name={experiment.name} />
      </td>
      <td className="max-w-0 px-3 pl-1">
        <Link
          to="/experiments/$experimentId"
          params={{ experimentId: experiment.id }}
          className="line-clamp-2 wrap-anywhere rounded-sm font-medium after:absolute after:inset-0 sm:line-clamp-1"
          title={experiment.name}
        >
          {experiment.name}
        </Link>
        <span className="num block text-xs text-ink-3 sm:hidden">{plural(summary?.runs ?? 0, "run")}</span>
        <Tags tags={experiment.tags} />
      </td>
      <td className="num hidden px-3 text-right sm:table-cell">{formatCount(summary?.runs ?? 0)}</td>
      <td className="hidden px-3 sm:table-cell">
        <span className="flex gap-4">
          {summary && summary.running > 0 && (
            <Count dot="bg-busy animate-breathe" count={summary.running} word="running" />
          )}
          {summary && summary.failed > 0 && <Count dot="bg-bad" count={summary.failed} word="failed" />}
        </span>
      </td>
      {pinned && (
        <td className="hidden px-3 text-xs text-ink-2 lg:table-cell">
          {summary?.pinned && (
            <>
              <span className="block truncate text-2xs text-ink-3">{experiment.pinnedMetric}</span>
              <Sparkline values={summary.pinned.values.map(toNumber)} name={experiment.pinnedMetric ?? ""} />
            </>
          )}
        </td>
      )}
      <td className="whitespace-nowrap px-3 text-ink-2">
        {summary && summary.runs > 0 ? (
          <Ago time={summary.lastActivityAt} />
        ) : (
          <span className="text-ink-3">No runs</span>
        )}
      </td>
      <td className="hidden whitespace-nowrap px-3 text-ink-2 md:table-cell">
        <Ago time={experiment.createdAt} />
      </td>
      <td className="relative px-2">
        <Actions experiment={experiment} />
      </td>
    </tr>
  );
}

const Count = ({ dot, count, word }: { dot: string; count: number; word: string }) => (
  <span className="num flex items-center gap-1.5 whitespace-nowrap text-ink-2">
    <span aria-hidden="true" className={cx("size-2 rounded-full", dot)} />
    {formatCount(count)} {word}
  </span>
);

const tagsShown = 3;

/** The first tags; names with a point are those of clients, and say little to people. */
function Tags({ tags }: { tags: Record<string, string> }) {
  const shown = Object.entries(tags).filter(([key]) => !key.includes("."));
  if (shown.length === 0) return null;
  return (
    <span className="hidden gap-2 truncate text-2xs text-ink-3 sm:flex">
      {shown.slice(0, tagsShown).map(([key, value]) => (
        <span key={key} className="max-w-40 truncate">
          {key}={value}
        </span>
      ))}
      {shown.length > tagsShown && <span>+{shown.length - tagsShown}</span>}
    </span>
  );
}

const done = { active: "restored", archived: "archived", deleted: "deleted" } as const;

function Actions({ experiment }: { experiment: ExperimentInfo }) {
  const [pinning, setPinning] = useState(false);
  const set = async (lifecycle: Lifecycle) => {
    try {
      await updateExperiment(experiment.id, { lifecycle });
      await renew({ queryKey: keys.experiments });
      const said = `“${experiment.name}” is ${done[lifecycle]}`;
      if (lifecycle === "active") notify(said);
      else notify(said, { label: "Undo", run: () => void set(experiment.lifecycle) });
    } catch (cause) {
      notifyError(`“${experiment.name}” was not ${done[lifecycle]}`, cause);
    }
  };
  return (
    <>
      <Menu
        trigger={
          <button
            type="button"
            aria-label={`Actions for ${experiment.name}`}
            className="grid size-8 place-items-center rounded-md text-ink-3 hover:bg-hover hover:text-ink aria-expanded:bg-hover"
          >
            <Ellipsis className="size-4" />
          </button>
        }
      >
        <MenuItem onSelect={() => setPinning(true)}>
          <Pin />
          Pin a metric…
        </MenuItem>
        {experiment.lifecycle === "active" ? (
          <MenuItem onSelect={() => void set("archived")}>
            <Archive />
            Archive
          </MenuItem>
        ) : (
          <MenuItem onSelect={() => void set("active")}>
            <RotateCcw />
            Restore
          </MenuItem>
        )}
        {experiment.lifecycle !== "deleted" && (
          <MenuItem danger onSelect={() => void set("deleted")}>
            <Trash2 />
            Delete
          </MenuItem>
        )}
      </Menu>
      {pinning && <PinDialog experiment={experiment} onClose={() => setPinning(false)} />}
    </>
  );
}
