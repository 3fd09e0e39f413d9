import { Check } from "lucide-react";
import { useMemo, useState } from "react";
import { matchKeys } from "@/charts/prepare/groups";
import { formatCount } from "@/state/format";
import { cx } from "./classes";
import { SearchField } from "./fields";

interface PickListProps {
  /** The name of its search field. */
  label: string;
  items: readonly string[];
  value?: string | undefined;
  onPick: (item: string) => void;
  className?: string;
}

const mostShown = 200;

/** One of very many names: a search over all of them, and those that it finds. */
export function PickList({ label, items, value, onPick, className }: PickListProps) {
  const [text, setText] = useState("");
  const { keys, error } = useMemo(() => matchKeys(items, text), [items, text]);
  return (
    <div className={cx("flex min-h-0 flex-col", className)}>
      <SearchField label={label} value={text} onChange={setText} invalid={error !== undefined} />
      <ul className="mt-2 max-h-72 min-h-0 overflow-auto">
        {keys.slice(0, mostShown).map((item) => (
          <li key={item}>
            <button
              type="button"
              aria-pressed={item === value}
              onClick={() => onPick(item)}
              className="flex h-7 w-full items-center gap-2 rounded-md px-2 text-left text-sm hover:bg-hover focus-visible:-outline-offset-2"
            >
              <span className="min-w-0 grow truncate" title={item}>
                {item}
              </span>
              {item === value && <Check className="size-4 shrink-0 text-accent" />}
            </button>
          </li>
        ))}
      </ul>
      {(keys.length > mostShown || keys.length === 0) && (
        <p className="px-2 pt-1 text-xs text-ink-3">
          {error ??
            (keys.length === 0
              ? "Nothing is called like that"
              : `And ${formatCount(keys.length - mostShown)} more: search to find them`)}
        </p>
      )}
    </div>
  );
}
