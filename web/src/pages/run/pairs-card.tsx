import { type ReactNode, useState } from "react";
import { formatCount } from "@/state/format";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { CopyButton } from "@/ui/copy";
import { SearchField } from "@/ui/fields";

const searchFrom = 12;
const step = 500;

interface PairsCardProps {
  title: string;
  pairs: Record<string, string>;
  empty: string;
  /** What stands behind a pair, beside its copy button. */
  actions?: (key: string, value: string) => ReactNode;
  /** What replaces a pair, for example a field to change it. */
  instead?: (key: string, value: string) => ReactNode;
  children?: ReactNode;
}

/** Keys and values as a list, searchable when it is long; a very long one grows on demand. */
export function PairsCard({ title, pairs, empty, actions, instead, children }: PairsCardProps) {
  const [text, setText] = useState("");
  const [shown, setShown] = useState(step);
  const all = Object.entries(pairs).sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
  const wanted = text.trim().toLowerCase();
  const found =
    wanted === ""
      ? all
      : all.filter(([key, value]) => key.toLowerCase().includes(wanted) || value.toLowerCase().includes(wanted));
  return (
    <Card
      title={
        <>
          {title} <span className="num font-normal text-ink-3">{formatCount(all.length)}</span>
        </>
      }
      aside={
        all.length >= searchFrom && (
          <SearchField label={`Search ${title.toLowerCase()}`} value={text} onChange={setText} className="-mr-2 w-44" />
        )
      }
    >
      {all.length === 0 ? (
        <p className="px-4 py-3 text-ink-3">{empty}</p>
      ) : (
        <section tabIndex={0} aria-label={title} className="max-h-[26rem] overflow-auto py-1 -outline-offset-2">
          <dl>
            {found.slice(0, shown).map(([key, value]) => {
              const replaced = instead?.(key, value);
              return replaced ? (
                <div key={key}>
                  <dt className="sr-only">{key}</dt>
                  <dd>{replaced}</dd>
                </div>
              ) : (
                <div
                  key={key}
                  className="group grid grid-cols-[minmax(6rem,2fr)_3fr_auto] items-start gap-3 py-1 pr-2 pl-4 hover:bg-hover/60"
                >
                  <dt className="truncate text-ink-2" title={key}>
                    {key}
                  </dt>
                  <dd className="num min-w-0 whitespace-pre-wrap break-words line-clamp-3" title={value}>
                    {value}
                  </dd>
                  <dd className="flex opacity-0 focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
                    {actions?.(key, value)}
                    <CopyButton text={value} label={`Copy ${key}`} />
                  </dd>
                </div>
              );
            })}
          </dl>
          {found.length === 0 && <p className="px-4 py-2 text-ink-3">Nothing has that in its name or value.</p>}
          {found.length > shown && (
            <div className="flex items-center gap-3 px-3 py-1.5 text-ink-3">
              <Button look="ghost" onClick={() => setShown(shown + step)}>
                Show {formatCount(Math.min(step, found.length - shown))} more
              </Button>
              <span className="num">{formatCount(found.length - shown)} left; search finds one of them.</span>
            </div>
          )}
        </section>
      )}
      {children}
    </Card>
  );
}
