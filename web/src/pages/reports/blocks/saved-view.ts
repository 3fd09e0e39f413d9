import { useQuery } from "@tanstack/react-query";
import { getView } from "@/api/calls";
import { decodeList, decodeSort, type Search } from "@/state/url";
import { columnOf, orderBy, sortField } from "@/table/columns";
import { readTable } from "@/table/settings";
import { readSettings, type Settings } from "@/workspace/settings";
import type { ChartBlock, RunChoice, TableBlock } from "./block";

/** The settings of the view that a block names. */
export const useSavedView = ({ experiment = "", view }: RunChoice) =>
  useQuery({
    queryKey: ["reports", "view", experiment, view],
    queryFn: async ({ signal }) => readSettings((await getView(experiment, view ?? "", signal)).settings),
    enabled: view !== undefined && experiment !== "",
  });

/** A block with what a saved view says and the block does not. Filters of both have to hold. */
export function withView<T extends ChartBlock | TableBlock>(block: T, settings: Settings | undefined): T {
  if (!settings) return block;
  const address = addressOf(settings);
  const filters = [address.filter, block.filter].filter((one): one is string => one !== undefined && one !== "");
  return {
    ...block,
    filter: filters.length > 1 ? filters.map((one) => `(${one})`).join(" and ") : (filters[0] ?? ""),
    orderBy:
      block.orderBy.length > 0 ? block.orderBy : orderBy(decodeSort(address.sort), readTable(settings.table).goals),
    ...(block.kind === "chart"
      ? {
          look: { ...address, ...block.look },
          groupBy: block.groupBy.length > 0 ? block.groupBy : groupsOf(address),
        }
      : { columns: block.columns.length > 0 ? block.columns : [...(readTable(settings.table).columns ?? [])] }),
  };
}

/** What a view froze of the address (pages/experiment/views.ts). */
function addressOf(settings: Settings): Search {
  const { search } = settings as { search?: unknown };
  if (typeof search !== "object" || search === null) return {};
  return Object.fromEntries(Object.entries(search).filter(([, value]) => typeof value === "string")) as Search;
}

const groupsOf = (address: Search): string[] =>
  decodeList(address.group).flatMap((id) => {
    const column = columnOf(id);
    const name = column && sortField(column);
    return name ? [name] : [];
  });
