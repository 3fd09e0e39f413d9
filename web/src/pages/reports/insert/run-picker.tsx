import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useState } from "react";
import { searchRuns } from "@/api/calls";
import { quote } from "@/api/filter";
import type { RunInfo } from "@/api/types";
import { SearchField } from "@/ui/fields";
import { Status } from "@/ui/status";

const offered = 6;

/** Finds runs of an experiment by name. */
export function RunPicker({
  experimentId,
  many,
  chosen,
  onChange,
}: {
  experimentId: string;
  many: boolean;
  chosen: readonly RunInfo[];
  onChange: (runs: RunInfo[]) => void;
}) {
  const [text, setText] = useState("");
  const found = useQuery({
    queryKey: ["pick", experimentId, text],
    queryFn: ({ signal }) =>
      searchRuns(
        {
          experimentIds: [experimentId],
          limit: offered,
          columns: { metrics: [], params: [], tags: [], inputs: false },
          ...(text === "" ? {} : { filter: `name contains ${quote(text)}` }),
        },
        signal,
      ),
    placeholderData: keepPreviousData,
  });
  const rows = (found.data?.runs ?? [])
    .map(({ info }) => info)
    .filter((run) => !chosen.some((one) => one.id === run.id));
  return (
    <div>
      <p className="mb-1 text-xs font-medium text-ink-2">
        {many ? "Runs" : "Run"}
        {many && <span className="font-normal text-ink-3"> · none means all that match the filter</span>}
      </p>
      {chosen.length > 0 && (
        <ul className="mb-2 flex flex-wrap gap-1.5">
          {chosen.map((run) => (
            <li
              key={run.id}
              className="flex h-7 items-center gap-1 rounded-md border border-line bg-surface pr-1 pl-2 text-xs"
            >
              {run.name}
              <button
                type="button"
                aria-label={`Leave out ${run.name}`}
                onClick={() => onChange(chosen.filter((one) => one.id !== run.id))}
                className="rounded-sm p-0.5 text-ink-3 hover:bg-hover hover:text-ink"
              >
                <X className="size-3.5" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {(many || chosen.length === 0) && (
        <>
          <SearchField label="Search runs by name" value={text} onChange={setText} />
          <ul className="mt-1.5 divide-y divide-line rounded-md border border-line">
            {rows.map((run) => (
              <li key={run.id}>
                <button
                  type="button"
                  onClick={() => onChange(many ? [...chosen, run] : [run])}
                  className="flex h-8 w-full items-center gap-3 px-2.5 text-left hover:bg-hover"
                >
                  <span className="min-w-0 grow truncate">{run.name}</span>
                  <Status status={run.status} className="text-xs" />
                </button>
              </li>
            ))}
            {rows.length === 0 && found.data && (
              <li className="px-2.5 py-1.5 text-ink-3">No other run is called like that</li>
            )}
          </ul>
        </>
      )}
    </div>
  );
}
