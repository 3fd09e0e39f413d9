import { useMemo } from "react";
import type { RunsQuery } from "@/api/queries";
import { useAddress } from "@/state/search";
import { decodeList, decodeSort, encodeList, encodeSort, oneOf, type Search, type SortKey } from "@/state/url";
import { type Column, columnOf, decodeColumns, encodeColumns, layoutOf, sortField, wantedKeys } from "@/table/columns";
import { type FirstColumns, firstIds } from "@/table/first-columns";

export type Mode = "split" | "table" | "charts";

export interface View {
  filter: string;
  sort: SortKey[];
  lifecycle: "active" | "deleted";
  mode: Mode;
  selected: string[];
  /** All runs that the filter finds are selected, however many. */
  everything: boolean;
  /** Fields in which runs of one group agree. */
  groupBy: string[];
  /** Runs whose nested runs are hidden. */
  folded: ReadonlySet<string>;
  columns: Column[];
  pinned: ReadonlySet<string>;
  query: RunsQuery;
  setFilter: (filter: string) => void;
  setSort: (sort: SortKey[]) => void;
  setSelected: (ids: string[]) => void;
  setFolded: (ids: Iterable<string>) => void;
  setColumns: (ids: string[] | undefined, pinned: string[]) => void;
  change: (change: Search, replace?: boolean) => void;
}

/** All that the address says about an experiment's page. */
export function useView(experimentId: string, first: FirstColumns): View {
  const [search, change] = useAddress();
  const { filter = "", cols, pin } = search;
  const firstText = JSON.stringify(firstIds(first));
  const sortText = search.sort;
  const lifecycle = oneOf(search.life, ["active", "deleted"]);
  const layout = useMemo(
    () => layoutOf(decodeColumns(cols) ?? (JSON.parse(firstText) as string[]), decodeList(pin)),
    [cols, pin, firstText],
  );
  const sort = useMemo(() => decodeSort(sortText), [sortText]);
  const everything = search.sel === "all";
  const selected = useMemo(() => (search.sel === "all" ? [] : decodeList(search.sel)), [search.sel]);
  const groupBy = useMemo(() => decodeList(search.group), [search.group]);
  const folded = useMemo(() => new Set(decodeList(search.fold)), [search.fold]);
  const query = useMemo(
    (): RunsQuery => ({ experimentId, filter, orderBy: orderBy(sort), lifecycle, columns: wantedKeys(layout.columns) }),
    [experimentId, filter, sort, lifecycle, layout],
  );
  return {
    filter,
    sort,
    lifecycle,
    mode: oneOf(search.view, ["split", "table", "charts"]),
    selected,
    everything,
    groupBy,
    folded,
    columns: layout.columns,
    pinned: layout.pinned,
    query,
    setFilter: (next) => change({ filter: next }),
    setSort: (next) => change({ sort: encodeSort(next) }),
    setSelected: (ids) => change({ sel: encodeList(ids) }, true),
    setFolded: (ids) => change({ fold: encodeList([...ids]) }, true),
    setColumns: (ids, pinned) => change({ cols: ids && encodeColumns(ids), pin: encodeList(pinned) }, true),
    change,
  };
}

function orderBy(sort: readonly SortKey[]): string[] {
  return sort.flatMap(({ field, descending }) => {
    const column = columnOf(field);
    return column ? [`${sortField(column)}${descending ? " desc" : ""}`] : [];
  });
}
