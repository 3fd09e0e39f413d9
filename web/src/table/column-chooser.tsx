import { ArrowDown, ArrowUp, Columns3, Pin, PinOff } from "lucide-react";
import { useDeferredValue, useMemo, useState } from "react";
import type { KeyList } from "@/api/types";
import { plural } from "@/state/format";
import { Button } from "@/ui/button";
import { cx } from "@/ui/classes";
import { CheckBox, SearchField } from "@/ui/fields";
import { Popover } from "@/ui/popover";
import { type Every, everyKind } from "./all-columns";
import { attributeIds, type Column, columnOf, move } from "./columns";

interface ColumnChooserProps {
  keys: KeyList | undefined;
  shown: readonly Column[];
  pinned: ReadonlySet<string>;
  /** Kinds of which every key is shown. */
  every: readonly Every[];
  onEvery: (every: Every, on: boolean) => void;
  /** New ids in order and which of them are pinned; nothing for both goes back to the first view. */
  onChange: (ids: readonly string[] | undefined, pinned: readonly string[]) => void;
}

const most = 300;

/** Shows, hides, orders and pins columns: what is shown on top, everything else by search. */
export function ColumnChooser({ keys, shown, pinned, every, onChange, onEvery }: ColumnChooserProps) {
  const [text, setText] = useState("");
  const wanted = useDeferredValue(text.trim().toLowerCase());
  const ids = shown.map((column) => column.id);
  const hidden = useMemo(() => {
    const all = [
      ...attributeIds,
      ...(keys?.metrics ?? []).flatMap((key) => [
        `metrics.${key}`,
        ...["min", "max", "best"].map((pick) => `metrics.${key}:${pick}`),
        `curves.${key}`,
      ]),
      ...(keys?.params ?? []).map((key) => `params.${key}`),
      ...(keys?.tags ?? []).map((key) => `tags.${key}`),
    ];
    const open = new Set(shown.map((column) => column.id));
    return all.filter((id) => !open.has(id));
  }, [keys, shown]);
  const matches = (id: string) => wanted === "" || id.toLowerCase().includes(wanted);
  const found = hidden.filter((id) => matches(id) && (wanted !== "" || !/^curves\.|:(min|max|best)$/.test(id)));
  const pins = [...pinned].filter((id) => id !== "name");
  const shownRows = shown.filter((column) => column.id !== "name" && matches(column.id));
  const places = useMemo(() => new Map(shown.map((column, at) => [column.id, at])), [shown]);

  return (
    <Popover
      label="Columns"
      className="w-[22rem]"
      trigger={
        <Button>
          <Columns3 />
          <span className="max-sm:sr-only">Columns</span>
        </Button>
      }
    >
      <div className="p-2">
        <SearchField label="Search params, metrics, tags" value={text} onChange={setText} />
      </div>
      <div className="min-h-0 overflow-auto px-2 pb-2">
        {wanted === "" && (
          <div className="flex gap-4 px-1.5 pb-1">
            {everyKind.map((one) => (
              <CheckBox
                key={one}
                label={`All ${one.slice(0, -2)}`}
                checked={every.includes(one)}
                onChange={(event) => onEvery(one, event.target.checked)}
                className="text-xs"
              />
            ))}
          </div>
        )}
        <Heading text="Shown" />
        {shownRows.slice(0, most).map((column) => {
          const at = places.get(column.id) ?? -1;
          return (
            <div key={column.id} className="group flex h-8 items-center gap-1 rounded-md px-1.5 hover:bg-hover">
              <CheckBox
                label={labelOf(column.id)}
                checked
                onChange={() =>
                  onChange(
                    ids.filter((id) => id !== column.id),
                    pins,
                  )
                }
                className="min-w-0 grow [&>*:last-child]:truncate"
              />
              <Small
                label={`Move ${column.title} up`}
                disabled={at <= 1}
                onClick={() => onChange(move(ids, at, at - 1), pins)}
              >
                <ArrowUp className="size-3.5" />
              </Small>
              <Small
                label={`Move ${column.title} down`}
                disabled={at >= ids.length - 1}
                onClick={() => onChange(move(ids, at, at + 1), pins)}
              >
                <ArrowDown className="size-3.5" />
              </Small>
              <Small
                label={pinned.has(column.id) ? `Unpin ${column.title}` : `Pin ${column.title}`}
                onClick={() =>
                  onChange(ids, pinned.has(column.id) ? pins.filter((id) => id !== column.id) : [...pins, column.id])
                }
                lit={pinned.has(column.id)}
              >
                {pinned.has(column.id) ? <PinOff className="size-3.5" /> : <Pin className="size-3.5" />}
              </Small>
            </div>
          );
        })}
        {shownRows.length > most && (
          <p className="px-1.5 py-2 text-xs text-ink-3">
            And {plural(shownRows.length - most, "more", "more")}: search to find them.
          </p>
        )}
        <Heading text="Hidden" />
        {found.slice(0, most).map((id) => (
          <div key={id} className="flex h-8 items-center rounded-md px-1.5 hover:bg-hover">
            <CheckBox
              label={labelOf(id)}
              checked={false}
              onChange={() => onChange([...ids, id], pins)}
              className="min-w-0 grow [&>*:last-child]:truncate"
            />
          </div>
        ))}
        {found.length === 0 && (
          <p className="px-1.5 py-2 text-xs text-ink-3">
            {wanted ? "Nothing else has that in its name." : "Every column is shown."}
          </p>
        )}
        {found.length > most && (
          <p className="px-1.5 py-2 text-xs text-ink-3">
            And {plural(found.length - most, "more", "more")}: search to find them.
          </p>
        )}
      </div>
      <div className="flex justify-between border-t border-line p-2">
        <Button look="ghost" onClick={() => onChange(undefined, [])}>
          First view
        </Button>
        <Button
          look="ghost"
          disabled={wanted === "" || found.length === 0}
          onClick={() => onChange([...ids, ...found.slice(0, most)], pins)}
        >
          Show all found
        </Button>
      </div>
    </Popover>
  );
}

const labelOf = (id: string): string => {
  const column = columnOf(id);
  return column?.kind === "attribute" ? column.title : id;
};

const Heading = ({ text }: { text: string }) => (
  <p className="px-1.5 pt-2 pb-1 text-xs font-medium text-ink-3">{text}</p>
);

function Small({
  label,
  lit = false,
  ...rest
}: {
  label: string;
  lit?: boolean;
  disabled?: boolean;
  onClick: () => void;
  children: React.ReactNode;
}) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={cx(
        "grid size-6 shrink-0 place-items-center rounded-sm hover:text-ink focus-visible:opacity-100 group-hover:opacity-100 disabled:invisible",
        lit ? "text-accent" : "text-ink-3 sm:opacity-0",
      )}
      {...rest}
    />
  );
}
