import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Activity, ChartLine, FileText, FlaskConical, type LucideIcon, PanelTop } from "lucide-react";
import { useDeferredValue, useEffect, useId, useRef, useState } from "react";
import { failureOf, useRun } from "@/api/queries";
import { cx } from "@/ui/classes";
import { Dialog } from "@/ui/dialog";
import { SearchField } from "@/ui/fields";
import { find, type Hit } from "./find";

const signs: Record<Hit["kind"], LucideIcon> = {
  page: PanelTop,
  experiment: FlaskConical,
  run: ChartLine,
  metric: Activity,
  report: FileText,
};

/** Finds experiments, runs, metrics, reports and pages by name, runs also by id. */
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
  const field = useRef<HTMLInputElement>(null);
  // Before the dialog looks for what to focus: letters that are typed at once belong into the field.
  useEffect(() => field.current?.focus(), []);
  const listId = useId();
  const { experimentId, runId } = useParams({ strict: false }) as { experimentId?: string; runId?: string };
  const run = useRun(runId);
  const place = { experimentId: experimentId ?? run.data?.run.info.experimentId, runId };
  const hits = useQuery({
    queryKey: ["find", wanted, place],
    queryFn: ({ signal }) => find(wanted, place, signal),
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
    void navigate({ to: hit.to, search: hit.search ?? {} } as never);
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
      <SearchField
        ref={field}
        label="Name of an experiment or run, a metric or a page"
        value={text}
        onChange={setText}
      />
      <ul id={listId} aria-label="Found" className="mt-3 min-h-72">
        {found.map((hit, index) => {
          const Sign = signs[hit.kind];
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
