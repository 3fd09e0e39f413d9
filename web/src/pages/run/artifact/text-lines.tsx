import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef } from "react";

const longest = 4000;

/** Numbered lines; only those on screen exist. */
export function TextLines({ text }: { text: string }) {
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => {
    const all = text.split(/\r?\n/);
    if (all.length > 1 && all[all.length - 1] === "") all.pop();
    return all;
  }, [text]);
  const widest = useMemo(
    () => lines.reduce((most, line) => Math.max(most, Math.min(longest, line.length)), 0),
    [lines],
  );
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 20,
    overscan: 20,
    paddingStart: 8,
    paddingEnd: 8,
  });
  const gutter = String(lines.length).length + 3;
  return (
    <div
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label="Text of the file"
      className="h-full min-h-64 overflow-auto font-mono text-xs leading-5 max-lg:max-h-[70dvh]"
    >
      <div
        className="relative"
        style={{ height: rows.getTotalSize(), width: `${gutter + widest + 2}ch`, minWidth: "100%" }}
      >
        {rows.getVirtualItems().map((item) => {
          const line = lines[item.index] ?? "";
          return (
            <div
              key={item.key}
              className="absolute left-0 flex h-5 w-full whitespace-pre hover:bg-hover"
              style={{ top: item.start }}
            >
              <span
                aria-hidden="true"
                className="sticky left-0 shrink-0 select-none bg-surface pr-[1.5ch] text-right text-ink-3"
                style={{ width: `${gutter}ch` }}
              >
                {item.index + 1}
              </span>
              <span>{line.length > longest ? `${line.slice(0, longest)}… (${line.length} characters)` : line}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
