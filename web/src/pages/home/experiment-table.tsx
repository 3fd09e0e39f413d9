import { Link } from "@tanstack/react-router";
import { ArrowDown, ArrowUp, Ellipsis, RotateCcw, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { updateExperiment } from "@/api/calls";
import { client, keys } from "@/api/queries";
import type { ExperimentInfo } from "@/api/types";
import { formatCount } from "@/state/format";
import { cycleSort, encodeSort, type SortKey } from "@/state/url";
import { cx } from "@/ui/classes";
import { Menu, MenuItem } from "@/ui/menu";
import { Ago } from "@/ui/time";
import { notify, notifyError } from "@/ui/toast";

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
  return (
    <div className="overflow-x-auto rounded-lg border border-line bg-surface shadow-card">
      <table className="w-full border-collapse text-sm">
        <thead>
          <tr className="border-b border-line text-left text-xs text-ink-3">
            {head("name", "Name", "pl-4")}
            {head("runs", "Runs", "w-16 text-right sm:w-24")}
            <th className="hidden w-48 px-3 font-medium sm:table-cell">State</th>
            {head("activity", "Last activity", "w-32")}
            {head("created", "Created", "hidden w-32 md:table-cell")}
            <th className="w-12">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {experiments.map((one) => (
            <Row key={one.id} experiment={one} />
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

function Row({ experiment }: { experiment: ExperimentInfo }) {
  const { summary } = experiment;
  return (
    <tr className="group relative h-11 border-b border-line transition-colors last:border-0 hover:bg-hover/60">
      <td className="max-w-0 px-3 pl-4">
        <Link
          to="/experiments/$experimentId"
          params={{ experimentId: experiment.id }}
          className="line-clamp-2 wrap-anywhere rounded-sm font-medium after:absolute after:inset-0 sm:line-clamp-1"
          title={experiment.name}
        >
          {experiment.name}
        </Link>
      </td>
      <td className="num px-3 text-right">{formatCount(summary?.runs ?? 0)}</td>
      <td className="hidden px-3 sm:table-cell">
        <span className="flex gap-4">
          {summary && summary.running > 0 && (
            <Count dot="bg-busy animate-breathe" count={summary.running} word="running" />
          )}
          {summary && summary.failed > 0 && <Count dot="bg-bad" count={summary.failed} word="failed" />}
        </span>
      </td>
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

function Actions({ experiment }: { experiment: ExperimentInfo }) {
  const set = async (lifecycle: "active" | "deleted") => {
    try {
      await updateExperiment(experiment.id, { lifecycle });
      await client.invalidateQueries({ queryKey: keys.experiments });
      if (lifecycle === "deleted")
        notify(`Deleted “${experiment.name}”`, { label: "Undo", run: () => void set("active") });
      else notify(`Restored “${experiment.name}”`);
    } catch (cause) {
      notifyError(`“${experiment.name}” was not ${lifecycle === "deleted" ? "deleted" : "restored"}`, cause);
    }
  };
  return (
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
      {experiment.lifecycle === "deleted" ? (
        <MenuItem onSelect={() => void set("active")}>
          <RotateCcw />
          Restore
        </MenuItem>
      ) : (
        <MenuItem danger onSelect={() => void set("deleted")}>
          <Trash2 />
          Delete
        </MenuItem>
      )}
    </Menu>
  );
}
