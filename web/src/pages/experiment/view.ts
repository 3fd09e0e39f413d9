import { useCallback, useMemo } from "react";
import type { TableSearch } from "@/api/table";
import type { KeyList, Lifecycle } from "@/api/types";
import { useAddress } from "@/state/search";
import { decodeList, decodeSort, encodeList, encodeSort, oneOf, type Search, type SortKey } from "@/state/url";
import { compress, type Every, expand, isEvery } from "@/table/all-columns";
import { type Column, canGroup, columnOf, layoutOf, orderBy } from "@/table/columns";
import { type FirstColumns, firstIds } from "@/table/first-columns";
import { readTable, type TableSettings, writeTable } from "@/table/settings";
import type { Workspace } from "@/workspace/use-workspace";
import { readSelection, type Selection, writeSelection } from "./selection";

export type Mode = "split" | "table" | "charts";
export const mostGroupings = 4;

export interface View {
  filter: string;
  sort: SortKey[];
  lifecycle: Lifecycle;
  mode: Mode;
  selection: Selection;
  /** Columns by which runs are grouped, the outermost first. */
  groupBy: Column[];
  /** Ids of runs and of lists of groups that were opened or closed by hand. */
  opened: ReadonlySet<string>;
  folded: ReadonlySet<string>;
  /** Every column that is shown, in order, pinned ones first. */
  columns: Column[];
  pinned: ReadonlySet<string>;
  settings: TableSettings;
  /** Whether somebody chose the columns. */
  arranged: boolean;
  /** What the rows are the answer to. */
  search: TableSearch;
  /** The saved view that is open. */
  viewId: string | undefined;
  setFilter: (filter: string) => void;
  setSort: (sort: SortKey[]) => void;
  setSelection: (selection: Selection) => void;
  setGroupBy: (ids: readonly string[]) => void;
  /** Opens or closes what is below a row, by the id of the list. */
  setOpen: (id: string, open: boolean) => void;
  /** Ids in order and those that are pinned; nothing goes back to the first view. */
  setColumns: (ids: readonly string[] | undefined, pinned: readonly string[]) => void;
  /** Kinds of which every key is a column. */
  every: readonly Every[];
  setEvery: (every: Every, on: boolean) => void;
  setSettings: (change: Partial<TableSettings>) => void;
  change: (change: Search, replace?: boolean) => void;
}

/** The saved view that an address opens; `none` is there so that a default view stays closed. */
export const viewOf = (text: string | undefined): string | undefined => (text && text !== "none" ? text : undefined);

/** All that the address and the workspace say about an experiment's page. */
export function useView(
  experimentId: string,
  first: FirstColumns,
  keys: KeyList | undefined,
  workspace: Workspace,
): View {
  const [address, change] = useAddress();
  const { value: part, set: setPart } = workspace.part("table");
  const settings = useMemo(() => readTable(part), [part]);
  const setSettings = useCallback(
    (next: Partial<TableSettings>) => setPart((before) => writeTable({ ...readTable(before), ...next })),
    [setPart],
  );
  const firstText = JSON.stringify(firstIds(first));
  const { cols, pin } = address;
  const asked = useMemo(
    () => (cols ? decodeList(cols) : (settings.columns ?? (JSON.parse(firstText) as string[]))),
    [cols, settings.columns, firstText],
  );
  const expanded = useMemo(() => expand(asked, keys, settings.hidden), [asked, keys, settings.hidden]);
  const { pinned: keptPins, goals } = settings;
  const layout = useMemo(
    () => layoutOf(expanded.ids, pin ? decodeList(pin) : keptPins, goals),
    [expanded, pin, keptPins, goals],
  );
  const sort = useMemo(() => decodeSort(address.sort), [address.sort]);
  const groupBy = useMemo(() => groupingsOf(address.group), [address.group]);
  const { sel, not } = address;
  const selection = useMemo(() => readSelection({ sel, not }), [sel, not]);
  const opened = useMemo(() => new Set(decodeList(address.open)), [address.open]);
  const folded = useMemo(() => new Set(decodeList(address.fold)), [address.fold]);
  const filter = address.filter ?? "";
  const lifecycle = oneOf<Lifecycle>(address.life, ["active", "archived", "deleted"]);
  const search = useMemo(
    (): TableSearch => ({ experimentIds: [experimentId], filter, orderBy: orderBy(sort, goals), lifecycle }),
    [experimentId, filter, sort, goals, lifecycle],
  );
  return {
    filter,
    sort,
    lifecycle,
    mode: oneOf(address.show, ["split", "table", "charts"]),
    selection,
    groupBy,
    opened,
    folded,
    columns: layout.columns,
    pinned: layout.pinned,
    settings,
    arranged: cols !== undefined || settings.columns !== undefined,
    search,
    viewId: viewOf(address.view),
    setFilter: (next) => change({ filter: next }),
    setSort: (next) => change({ sort: encodeSort(next) }),
    setSelection: (next) => change(writeSelection(next), true),
    setGroupBy: (ids) => change({ group: encodeList(ids), open: undefined, fold: undefined }),
    setOpen: (id, open) => change(withOpen(opened, folded, id, open), true),
    setColumns: (ids, pinned) => {
      const { columns: _, hidden: __, ...others } = settings;
      const kept = ids ? compress(ids, asked, expanded.added, settings.hidden) : { hidden: [] };
      setPart(() => writeTable({ ...others, ...kept, pinned }));
      if (cols || pin) change({ cols: undefined, pin: undefined }, true);
    },
    every: asked.filter(isEvery),
    setEvery: (every, on) => {
      const others = asked.filter((id) => id !== every);
      setSettings({ columns: on ? [...others, every] : others, hidden: [] });
      if (cols) change({ cols: undefined }, true);
    },
    setSettings,
    change,
  };
}

function groupingsOf(text: string | undefined): Column[] {
  const columns = [...new Set(decodeList(text))].map((id) => columnOf(id)).filter((column) => column !== undefined);
  return columns.filter(canGroup).slice(0, mostGroupings);
}

function withOpen(opened: ReadonlySet<string>, folded: ReadonlySet<string>, id: string, open: boolean): Search {
  const without = (ids: ReadonlySet<string>) => [...ids].filter((one) => one !== id);
  return {
    open: encodeList(open ? [...without(opened), id] : without(opened)),
    fold: encodeList(open ? without(folded) : [...without(folded), id]),
  };
}
