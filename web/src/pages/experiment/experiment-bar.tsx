import { anything } from "@/api/follow";
import type { KeyList, Lifecycle } from "@/api/types";
import { formatCount, plural } from "@/state/format";
import { ColumnChooser } from "@/table/column-chooser";
import { FilterBar } from "@/table/filter-bar";
import { Chip } from "@/ui/chip";
import { CopyButton } from "@/ui/copy";
import { Choice } from "@/ui/fields";
import { StarButton } from "@/ui/star";
import { Skeleton } from "@/ui/state-views";
import type { Workspace } from "@/workspace/use-workspace";
import { BulkBar } from "./bulk-bar";
import { exportRuns } from "./export";
import { GroupMenu } from "./group-menu";
import { NotesButton } from "./notes-drawer";
import { isEmpty } from "./selection";
import { TableMenu } from "./table-menu";
import type { TableRows } from "./use-table-rows";
import type { Mode, View } from "./view";
import { ViewsMenu } from "./views-menu";

interface ExperimentBarProps {
  experimentId: string;
  name: string | undefined;
  keys: KeyList | undefined;
  view: View;
  workspace: Workspace;
  rows: TableRows;
  mode: Mode;
  wide: boolean;
  filterError: string | undefined;
}

/** The two lines above table and panels: what is shown, and what may be done with it. */
export function ExperimentBar(props: ExperimentBarProps) {
  const { experimentId, name, keys, view, workspace, rows, mode, wide, filterError } = props;
  const count = countText(rows);
  const fields = view.columns.flatMap(({ field }) => (field === undefined ? [] : [field]));
  const setLifecycle = (life: Lifecycle) =>
    view.change({ life: life === "active" ? undefined : life, sel: undefined, not: undefined });
  return (
    <>
      <div className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-2 gap-y-1.5 px-4 pt-2 sm:px-5">
        <h1 className="min-w-0 truncate text-lg font-semibold tracking-tight">
          {name ?? <Skeleton className="h-6 w-48" />}
        </h1>
        <StarButton kind="experiment" id={experimentId} name={name ?? "the experiment"} />
        <CopyButton text={experimentId} label="Copy the experiment id" className="text-ink-3 max-sm:hidden">
          {`id ${experimentId}`}
        </CopyButton>
        <ViewsMenu experimentId={experimentId} workspace={workspace} />
        <NotesButton experimentId={experimentId} />
        <span className="num text-xs text-ink-3 sm:hidden">{count}</span>
        <span className="grow" />
        {!isEmpty(view.selection) && (
          <BulkBar
            search={view.search}
            selection={view.selection}
            total={rows.total?.count ?? 0}
            fields={fields}
            onSelect={view.setSelection}
            onChanged={() => rows.refresh(anything())}
          />
        )}
      </div>
      {!rows.untouched && (
        <div className="flex flex-wrap items-start gap-2 px-4 pt-1.5 pb-3 sm:px-5">
          <div className="w-full min-w-0 grow sm:w-auto">
            <FilterBar
              experimentId={experimentId}
              value={view.filter}
              keys={keys}
              error={filterError}
              onApply={view.setFilter}
            />
          </div>
          <span
            className="num flex h-8 items-center whitespace-nowrap px-1 text-xs text-ink-3 max-sm:hidden"
            aria-live="polite"
          >
            {count}
          </span>
          {view.lifecycle !== "active" && (
            <Chip
              look="accent"
              label={`${view.lifecycle} runs`}
              onRemove={() => setLifecycle("active")}
              className="h-8"
            >
              {view.lifecycle === "archived" ? "Archived runs" : "Deleted runs"}
            </Chip>
          )}
          <Choice
            label="View"
            value={mode}
            onChange={(next) => view.change({ show: next === "split" ? undefined : next })}
            options={wide ? [["split", "Split"], ...narrowModes] : narrowModes}
          />
          <GroupMenu groupBy={view.groupBy} keys={keys} onChange={view.setGroupBy} />
          <ColumnChooser
            keys={keys}
            shown={view.columns}
            pinned={view.pinned}
            every={view.every}
            onChange={view.setColumns}
            onEvery={view.setEvery}
          />
          <TableMenu
            settings={view.settings}
            lifecycle={view.lifecycle}
            onLifecycle={setLifecycle}
            grouped={view.groupBy.length > 0}
            onChange={view.setSettings}
            onExport={(format) => void exportRuns(view.search, fields, format)}
          />
        </div>
      )}
    </>
  );
}

const narrowModes: readonly (readonly [Mode, string])[] = [
  ["table", "Table"],
  ["charts", "Charts"],
];

function countText({ total, groups, fresh }: TableRows): string {
  if (!total || !fresh) return "";
  const runs = `${formatCount(total.count)}${total.exact ? "" : "+"} run${total.count === 1 ? "" : "s"}`;
  return groups === undefined ? runs : `${runs} in ${plural(groups, "group")}`;
}
