import { useQuery } from "@tanstack/react-query";
import { ListFilter, X } from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { readValues } from "@/api/table";
import type { KeyList } from "@/api/types";
import { formatCount } from "@/state/format";
import { cx } from "@/ui/classes";
import { complete, errorColumn, type Suggestion, valueItems } from "./filter";

interface FilterBarProps {
  /** The experiment whose values are offered. */
  experimentId: string;
  value: string;
  keys: KeyList | undefined;
  /** What the server says about the applied filter. */
  error: string | undefined;
  onApply: (filter: string) => void;
}

const signs: Record<Suggestion["kind"], string> = {
  metric: "metric",
  param: "param",
  tag: "tag",
  attribute: "fact",
  operator: "",
  value: "",
  word: "",
};

/** Values in use of the field that is written at the caret. */
function useValues(experimentId: string, wanted: { field: string; typed: string } | undefined): Suggestion[] {
  const { field = "", typed = "" } = wanted ?? {};
  const contains = useDeferredValue(typed);
  const answer = useQuery({
    queryKey: ["values", experimentId, field, contains],
    queryFn: ({ signal }) => readValues(experimentId, field, contains, signal),
    enabled: field !== "",
    placeholderData: (before, query) => (query?.queryKey[2] === field ? before : undefined),
    retry: false,
  });
  return field === "" || !answer.data ? [] : valueItems(answer.data.values);
}

/** A filter in the native language with completion over the keys in use. Enter applies it. */
export function FilterBar({ experimentId, value, keys, error, onApply }: FilterBarProps) {
  const [text, setText] = useState(value);
  const [caret, setCaret] = useState(0);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [scroll, setScroll] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  useEffect(() => setText(value), [value]);

  // Where an insertion leaves the caret, set before the next key arrives: later it would jump back between letters.
  const inserted = useRef<number | undefined>(undefined);
  useLayoutEffect(() => {
    if (inserted.current === undefined) return;
    input.current?.setSelectionRange(inserted.current, inserted.current);
    inserted.current = undefined;
  });

  const found = complete(text, caret, keys);
  const offered = useValues(experimentId, open ? found.values : undefined);
  const items = open ? [...found.items, ...offered] : [];
  const problem = error !== undefined && text === value ? errorColumn(error) : undefined;

  const accept = (item: Suggestion | undefined) => {
    if (!item) return;
    const spaced = item.text.endsWith("(") ? item.text : `${item.text} `;
    const next = text.slice(0, found.from) + spaced + text.slice(found.to).trimStart();
    const at = found.from + spaced.length;
    setText(next);
    setCaret(at);
    setActive(-1);
    inserted.current = at;
  };
  const apply = (next: string) => {
    setOpen(false);
    onApply(next.trim());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      setOpen(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      setActive((at) => (items.length === 0 ? -1 : (at + step + items.length) % items.length));
    } else if (event.key === "Enter") {
      if (active >= 0 && items[active]) accept(items[active]);
      else apply(text);
    } else if (event.key === "Tab" && items.length > 0 && !event.shiftKey && (active >= 0 || found.from < caret))
      accept(items[Math.max(0, active)]);
    else if (event.key === "Escape" && open) setOpen(false);
    else return;
    event.preventDefault();
  };

  return (
    <div className="relative min-w-0 grow" data-shortcut="/">
      <div
        className={cx(
          "flex h-8 items-center rounded-md border bg-surface focus-within:border-accent focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-accent",
          problem ? "border-bad" : "border-line-strong",
        )}
      >
        <ListFilter className="ml-2.5 size-4 shrink-0 text-ink-3" />
        <div className="relative h-full min-w-0 grow overflow-hidden font-mono text-xs">
          <input
            ref={input}
            role="combobox"
            aria-label="Filter runs"
            aria-expanded={items.length > 0}
            aria-controls={listId}
            aria-activedescendant={active >= 0 ? `${listId}-${active}` : undefined}
            aria-invalid={problem !== undefined}
            aria-describedby={problem ? `${listId}-error` : undefined}
            placeholder='metrics.loss < 0.1 and params.model = "forest"'
            spellCheck={false}
            autoComplete="off"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setCaret(event.target.selectionStart ?? event.target.value.length);
              setOpen(true);
              setActive(-1);
            }}
            onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
            onFocus={() => setOpen(true)}
            onBlur={() => setOpen(false)}
            onScroll={(event) => setScroll(event.currentTarget.scrollLeft)}
            onKeyDown={onKeyDown}
            className="size-full bg-transparent px-2 outline-none placeholder:text-ink-3"
          />
          {problem?.column !== undefined && (
            <span
              aria-hidden="true"
              className="pointer-events-none absolute bottom-1 h-0.5 w-[1ch] min-w-2 rounded-full bg-bad"
              style={{ left: `calc(0.5rem + ${problem.column - 1}ch - ${scroll}px)` }}
            />
          )}
        </div>
        {text !== "" && (
          <button
            type="button"
            aria-label="Clear the filter"
            onClick={() => {
              setText("");
              apply("");
            }}
            className="mr-1 grid size-6 shrink-0 place-items-center rounded-sm text-ink-3 hover:text-ink"
          >
            <X className="size-4" />
          </button>
        )}
        {text.trim() !== value && (
          <button
            type="button"
            onClick={() => apply(text)}
            className="mr-1 h-6 rounded-sm bg-accent-soft px-2 text-xs font-medium text-accent hover:bg-hover"
          >
            Apply
          </button>
        )}
      </div>
      {problem && (
        <p id={`${listId}-error`} role="alert" className="mt-1 text-xs text-bad">
          {problem.column !== undefined && <span className="font-medium">Column {problem.column}: </span>}
          {problem.text}
        </p>
      )}
      {items.length > 0 && (
        <div
          id={listId}
          role="listbox"
          aria-label="Completions"
          className="absolute top-9 left-0 z-30 max-h-80 w-[min(26rem,100%)] animate-appear overflow-auto rounded-lg border border-line bg-raised p-1 shadow-float"
        >
          {items.map((item, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field handles the keys
            <div
              key={item.text}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === active}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => accept(item)}
              className={cx(
                "flex h-7 cursor-pointer items-center justify-between gap-4 rounded-md px-2 font-mono text-xs hover:bg-hover",
                index === active && "bg-hover",
              )}
            >
              <span className="truncate">{item.label}</span>
              <span className="font-sans text-2xs text-ink-3">
                {item.count === undefined ? signs[item.kind] : formatCount(item.count)}
              </span>
            </div>
          ))}
          <p className="mt-1 border-t border-line px-2 pt-1.5 pb-1 text-2xs text-ink-3">
            ↑↓ choose · Tab insert · Enter apply
          </p>
        </div>
      )}
    </div>
  );
}
