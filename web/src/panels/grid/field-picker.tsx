import { ChevronDown, X } from "lucide-react";
import { useId, useMemo, useState } from "react";
import { fieldOf } from "@/api/filter";
import { type PanelPage, usePanelPage } from "@/panels/page-context";
import { IconButton } from "@/ui/button";
import { PickList } from "@/ui/pick-list";
import { Popover } from "@/ui/popover";

export type FieldChoice = "metric key" | "media key" | "metric" | "param" | "numeric" | "any" | "group";

const attributes = ["name", "user", "status", "start_time", "duration"];

/** The fields that a place takes: keys of metrics alone, or fields of the filter language. */
export function fieldsFor(
  choice: FieldChoice,
  { metrics, params, tags, media }: Pick<PanelPage, "metrics" | "params" | "tags" | "media">,
): string[] {
  const of = (entity: string, keys: readonly string[]) => keys.map((key) => fieldOf(entity, key));
  switch (choice) {
    case "metric key":
      return [...metrics];
    case "media key":
      return media.map(({ key }) => key);
    case "metric":
      return of("metrics", metrics);
    case "param":
      return of("params", params);
    case "numeric":
      return [...of("metrics", metrics), ...of("params", params), "start_time", "duration"];
    case "group":
      return [...of("params", params), ...of("tags", tags), "user", "status", "name"];
    case "any":
      return [...of("metrics", metrics), ...of("params", params), ...of("tags", tags), ...attributes];
  }
}

interface FieldPickerProps {
  label: string;
  choice: FieldChoice;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  /** What it means that none is chosen; absent where one is needed. */
  none?: string;
}

/** Chooses one field of what runs have. */
export function FieldPicker({ label, choice, value, onChange, none }: FieldPickerProps) {
  const page = usePanelPage();
  const items = useMemo(() => fieldsFor(choice, page), [choice, page]);
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div className="flex items-center gap-1">
      <span id={id} className="w-24 shrink-0 text-xs text-ink-2">
        {label}
      </span>
      <Popover
        label={label}
        align="start"
        open={open}
        onOpenChange={setOpen}
        className="w-80 p-2"
        trigger={
          <button
            type="button"
            aria-label={`${label}: ${value ?? none ?? "none"}`}
            className="flex h-8 min-w-0 grow items-center gap-2 rounded-md border border-line-strong bg-surface px-2.5 text-left text-sm hover:bg-hover"
          >
            <span className={value ? "min-w-0 grow truncate" : "min-w-0 grow truncate text-ink-3"} title={value}>
              {value ?? none ?? "Choose…"}
            </span>
            <ChevronDown className="size-4 shrink-0 text-ink-3" />
          </button>
        }
      >
        <PickList
          label="Search fields"
          items={items}
          value={value}
          onPick={(next) => {
            setOpen(false);
            onChange(next);
          }}
        />
      </Popover>
      {value !== undefined && none !== undefined && (
        <IconButton label={`${label}: ${none}`} onClick={() => onChange(undefined)}>
          <X />
        </IconButton>
      )}
    </div>
  );
}

/** Chooses several, in order. */
export function FieldsPicker({
  label,
  choice,
  value,
  onChange,
  none,
}: {
  label: string;
  choice: FieldChoice;
  value: readonly string[] | undefined;
  onChange: (value: string[] | undefined) => void;
  none: string;
}) {
  const page = usePanelPage();
  const chosen = value ?? [];
  const items = useMemo(() => fieldsFor(choice, page), [choice, page]);
  const [open, setOpen] = useState(false);
  const left = items.filter((item) => !chosen.includes(item));
  const set = (next: readonly string[]) => onChange(next.length === 0 ? undefined : [...next]);
  return (
    <div>
      <span className="text-xs text-ink-2">{label}</span>
      <ul className="mt-1">
        {chosen.map((field) => (
          <li key={field} className="flex h-8 items-center gap-1 border-b border-line text-sm">
            <span className="min-w-0 grow truncate" title={field}>
              {field}
            </span>
            <IconButton
              label={`Leave out ${field}`}
              className="h-7 w-7"
              onClick={() => set(chosen.filter((one) => one !== field))}
            >
              <X />
            </IconButton>
          </li>
        ))}
        {chosen.length === 0 && <li className="py-1 text-sm text-ink-3">{none}</li>}
      </ul>
      <Popover
        label={`Add to ${label}`}
        align="start"
        open={open}
        onOpenChange={setOpen}
        className="w-80 p-2"
        trigger={
          <button type="button" className="mt-1 rounded-sm text-sm text-accent hover:underline">
            Add…
          </button>
        }
      >
        <PickList
          label="Search fields"
          items={left}
          onPick={(next) => {
            setOpen(false);
            set([...chosen, next]);
          }}
        />
      </Popover>
    </div>
  );
}
