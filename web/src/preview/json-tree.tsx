import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { formatCount } from "@/state/format";
import { Button } from "@/ui/button";
import { cx } from "@/ui/classes";

const step = 200;

/** A JSON value that opens level by level. */
export const JsonTree = ({ value }: { value: unknown }) => (
  <div className="px-3 py-3 font-mono text-xs leading-5">
    <Node name={undefined} value={value} depth={0} />
  </div>
);

const isBranch = (value: unknown): value is object => typeof value === "object" && value !== null;

function Node({ name, value, depth }: { name: string | undefined; value: unknown; depth: number }) {
  const entries = isBranch(value)
    ? Array.isArray(value)
      ? value.map((one, at): [string, unknown] => [String(at), one])
      : Object.entries(value)
    : undefined;
  const [open, setOpen] = useState(depth < 2 && (entries?.length ?? 0) <= step);
  const [shown, setShown] = useState(step);
  if (!entries)
    return (
      <div className="flex gap-1.5 pl-5">
        {name !== undefined && <span className="shrink-0 text-ink-2">{name}:</span>}
        <Leaf value={value} />
      </div>
    );
  const size = Array.isArray(value) ? `[${formatCount(entries.length)}]` : `{${formatCount(entries.length)}}`;
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex items-center gap-1 rounded-sm pr-1 hover:bg-hover"
      >
        <ChevronRight className={cx("size-4 text-ink-3 transition-transform", open && "rotate-90")} />
        {name !== undefined && <span className="text-ink-2">{name}:</span>}
        <span className="text-ink-3">{size}</span>
      </button>
      {open && (
        <div className="ml-2 border-l border-line pl-2">
          {entries.slice(0, shown).map(([key, one]) => (
            <Node key={key} name={key} value={one} depth={depth + 1} />
          ))}
          {entries.length > shown && (
            <Button look="ghost" onClick={() => setShown(shown + step)}>
              {formatCount(entries.length - shown)} more
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

function Leaf({ value }: { value: unknown }) {
  const look = typeof value === "string" ? "text-ok" : typeof value === "number" ? "text-busy" : "text-warn";
  return <span className={cx("min-w-0 break-all", look)}>{JSON.stringify(value)}</span>;
}
