import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { RunRow } from "@/api/types";
import { colourVariable, styleRuns } from "@/charts/prepare/colours";
import { matchKeys } from "@/charts/prepare/groups";
import { useAddress } from "@/state/search";
import { cx } from "@/ui/classes";
import { CheckBox, SearchField } from "@/ui/fields";
import { EmptyState } from "@/ui/state-views";
import type { DifferenceRow, DifferenceSection } from "./differences";

const shownAtOnce = 400;

/** A column a run, a row a key; what differs stands out, the best of a metric is marked. */
export function DifferenceTable({ rows, all }: { rows: readonly RunRow[]; all: readonly DifferenceSection[] }) {
  const [search, change] = useAddress();
  const everything = search.same === "show";
  const styles = useMemo(() => styleRuns(rows.map((row) => row.info.id)), [rows]);
  const sections = all
    .map((section) => {
      const open = section.rows.filter((row) => everything || row.differs);
      const names = new Set(
        matchKeys(
          open.map((row) => row.key),
          search.key ?? "",
        ).keys,
      );
      return { ...section, rows: open.filter((row) => names.has(row.key)) };
    })
    .filter((section) => section.rows.length > 0);
  return (
    <div className="px-4 py-5 sm:px-6">
      <div className="mb-3 flex flex-wrap items-center gap-4">
        <div data-shortcut="/" className="w-full sm:w-64">
          <SearchField
            label="Search keys"
            hint="Text, or a regular expression"
            value={search.key ?? ""}
            onChange={(key) => change({ key }, true)}
          />
        </div>
        <CheckBox
          label="Only differences"
          checked={!everything}
          onChange={(event) => change({ same: event.target.checked ? undefined : "show" })}
          className="text-ink-2"
        />
        {all.some((section) => section.rows.some((row) => row.goal)) && (
          <span className="flex items-center gap-1.5 text-xs text-ink-3 sm:ml-auto">
            <span className="rounded-sm bg-accent-soft px-1.5 font-medium text-accent">best</span> where the name of the
            metric says which end is good
          </span>
        )}
      </div>
      {sections.length === 0 ? (
        <EmptyState title={search.key ? "No key is called like that" : "These runs do not differ"} />
      ) : (
        <section
          tabIndex={0}
          aria-label="Differences"
          className="max-h-[calc(100dvh-9rem)] overflow-auto rounded-lg border border-line bg-surface shadow-card"
        >
          <table className="min-w-full border-separate border-spacing-0 text-sm">
            <thead>
              <tr>
                <th className="sticky top-0 left-0 z-20 h-9 w-48 min-w-36 border-r border-b border-line bg-surface px-4 text-left text-xs font-medium text-ink-3">
                  Key
                </th>
                {rows.map(({ info }) => (
                  <th
                    key={info.id}
                    className="sticky top-0 z-10 h-9 max-w-52 min-w-40 border-b border-line bg-surface px-3 text-left font-medium"
                  >
                    <span className="flex items-center gap-2">
                      <span
                        aria-hidden="true"
                        className="size-2.5 shrink-0 rounded-full"
                        style={{ background: colourVariable(styles.get(info.id)) }}
                      />
                      <Link
                        to="/runs/$runId"
                        params={{ runId: info.id }}
                        title={info.name}
                        className="truncate rounded-sm hover:text-accent hover:underline"
                      >
                        {info.name}
                      </Link>
                    </span>
                  </th>
                ))}
                <td className="sticky top-0 w-full border-b border-line bg-surface" />
              </tr>
            </thead>
            {sections.map((section) => (
              <tbody key={section.title}>
                <tr>
                  <th className="sticky left-0 z-10 h-8 border-b border-line bg-sunken px-4 text-left text-xs font-medium text-ink-2">
                    {section.title}
                  </th>
                  <td colSpan={rows.length + 1} className="border-b border-line bg-sunken" />
                </tr>
                {section.rows.slice(0, shownAtOnce).map((row) => (
                  <Line key={row.key} row={row} />
                ))}
                {section.rows.length > shownAtOnce && (
                  <tr>
                    <td colSpan={rows.length + 2} className="px-4 py-2 text-ink-3">
                      And {section.rows.length - shownAtOnce} more: search to find them.
                    </td>
                  </tr>
                )}
              </tbody>
            ))}
          </table>
        </section>
      )}
    </div>
  );
}

const Line = ({ row }: { row: DifferenceRow }) => (
  <tr className="group">
    <th
      className="sticky left-0 z-10 h-8 max-w-56 truncate border-r border-b border-line bg-surface px-4 text-left font-normal text-ink-2 group-hover:bg-hover"
      title={row.key}
    >
      {row.key}
    </th>
    {row.cells.map((cell, at) => (
      <td
        // biome-ignore lint/suspicious/noArrayIndexKey: a cell belongs to its place
        key={at}
        title={cell?.title}
        className="num h-8 max-w-52 truncate border-b border-line px-3 group-hover:bg-hover"
      >
        {cell === undefined ? (
          <span className="text-line-strong">–</span>
        ) : (
          <span
            className={cx(
              row.best.has(at) && "-mx-1.5 rounded-sm bg-accent-soft px-1.5 py-0.5 font-semibold text-accent",
              !row.differs && "text-ink-3",
            )}
          >
            {cell.text}
          </span>
        )}
      </td>
    ))}
    <td className="border-b border-line group-hover:bg-hover" />
  </tr>
);
