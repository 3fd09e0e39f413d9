import { useState } from "react";
import { formatCount } from "@/state/format";
import { Card } from "@/ui/card";
import { CopyButton } from "@/ui/copy";
import { SearchField } from "@/ui/fields";

const searchFrom = 12;
const shownAtOnce = 500;

/** Keys and values as a list, searchable when it is long. */
export function PairsCard({ title, pairs, empty }: { title: string; pairs: Record<string, string>; empty: string }) {
  const [text, setText] = useState("");
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
        <div className="max-h-[26rem] overflow-auto py-1">
          <dl>
            {found.slice(0, shownAtOnce).map(([key, value]) => (
              <div
                key={key}
                className="group grid grid-cols-[minmax(6rem,2fr)_3fr] items-start gap-3 py-1 pr-2 pl-4 hover:bg-hover/60"
              >
                <dt className="truncate text-ink-2" title={key}>
                  {key}
                </dt>
                <dd className="flex min-w-0 items-start gap-3">
                  <span className="num min-w-0 grow whitespace-pre-wrap break-words line-clamp-3" title={value}>
                    {value}
                  </span>
                  <CopyButton
                    text={value}
                    label={`Copy ${key}`}
                    className="opacity-0 focus-visible:opacity-100 group-hover:opacity-100"
                  />
                </dd>
              </div>
            ))}
          </dl>
          {found.length === 0 && <p className="px-4 py-2 text-ink-3">Nothing has that in its name or value.</p>}
          {found.length > shownAtOnce && (
            <p className="px-4 py-2 text-ink-3">
              And {formatCount(found.length - shownAtOnce)} more: search to find them.
            </p>
          )}
        </div>
      )}
    </Card>
  );
}
