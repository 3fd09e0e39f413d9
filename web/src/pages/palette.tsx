import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ChartLine, FlaskConical } from "lucide-react";
import { useDeferredValue, useEffect, useId, useState } from "react";
import { listExperiments, searchRuns } from "@/api/calls";
import { failureOf } from "@/api/queries";
import { shorten } from "@/state/format";
import { quote } from "@/table/filter";
import { cx } from "@/ui/classes";
import { Dialog } from "@/ui/dialog";
import { SearchField } from "@/ui/fields";

interface Hit {
  id: string;
  kind: "experiment" | "run";
  name: string;
  hint: string;
}

async function find(text: string, signal: AbortSignal): Promise<Hit[]> {
  const wanted = text.trim();
  const named = `name contains ${quote(wanted)}`;
  const [{ experiments }, { runs }] = await Promise.all([
    listExperiments({ limit: 8, ...(wanted ? { filter: named } : {}) }, signal),
    searchRuns(
      {
        filter: wanted ? `${named} or run_id = ${quote(wanted)}` : "",
        limit: 12,
        columns: { metrics: [], params: [], tags: [] },
      },
      signal,
    ),
  ]);
  return [
    ...experiments.map((one): Hit => ({ id: one.id, kind: "experiment", name: one.name, hint: "Experiment" })),
    ...runs.map(({ info }): Hit => ({ id: info.id, kind: "run", name: info.name, hint: `Run ${shorten(info.id)}` })),
  ];
}

/** Finds experiments and runs by name, runs also by id. */
export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title="Find">
      {open && <Finder onClose={onClose} />}
    </Dialog>
  );
}

function Finder({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const wanted = useDeferredValue(text);
  const navigate = useNavigate();
  const listId = useId();
  const hits = useQuery({
    queryKey: ["find", wanted],
    queryFn: ({ signal }) => find(wanted, signal),
    placeholderData: (before) => before,
  });
  const failure = failureOf(hits);
  const found = hits.data ?? [];
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new list starts at its first entry
  useEffect(() => setActive(0), [wanted]);

  const fresh = hits.isSuccess && !hits.isPlaceholderData && wanted === text;
  const go = (hit: Hit | undefined) => {
    if (!hit) return;
    onClose();
    if (hit.kind === "run") void navigate({ to: "/runs/$runId", params: { runId: hit.id } });
    else void navigate({ to: "/experiments/$experimentId", params: { experimentId: hit.id } });
  };

  // Enter while the list still belongs to fewer letters opens the first of the list that is coming.
  const [entered, setEntered] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the arrival of the list matters
  useEffect(() => {
    if (!entered || !fresh) return;
    setEntered(false);
    go(found[0]);
  }, [entered, fresh]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the field inside, which keeps the focus
    <div
      onKeyDown={(event) => {
        if (event.key === "ArrowDown") setActive((at) => Math.min(at + 1, found.length - 1));
        else if (event.key === "ArrowUp") setActive((at) => Math.max(at - 1, 0));
        else if (event.key === "Enter") {
          if (fresh) go(found[active]);
          else setEntered(true);
        } else return;
        event.preventDefault();
      }}
    >
      <SearchField label="Name of an experiment or run, or a run's id" value={text} onChange={setText} />
      <ul id={listId} aria-label="Found" className="mt-3 min-h-72">
        {found.map((hit, index) => {
          const Sign = hit.kind === "run" ? ChartLine : FlaskConical;
          return (
            <li key={`${hit.kind}${hit.id}`}>
              <button
                type="button"
                tabIndex={-1}
                onClick={() => go(hit)}
                onMouseMove={() => setActive(index)}
                className={cx(
                  "flex h-9 w-full items-center gap-3 rounded-md px-2.5 text-left text-sm",
                  index === active && "bg-hover",
                )}
              >
                <Sign className="size-4 shrink-0 text-ink-3" />
                <span className="min-w-0 grow truncate">{hit.name}</span>
                <span className="text-xs text-ink-3">{hit.hint}</span>
              </button>
            </li>
          );
        })}
        {hits.isSuccess && found.length === 0 && (
          <li className="px-2.5 py-6 text-center text-ink-2">Nothing is called like that.</li>
        )}
        {failure && <li className="px-2.5 py-6 text-center text-bad">{failure.message}</li>}
      </ul>
    </div>
  );
}
