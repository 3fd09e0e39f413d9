import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";

const longest = 4000;
/** Colouring reads the whole text at once, so a longer one is shown plain. */
const colouredUpTo = 300_000;

/** Numbered lines, in colours when the language is known; only those on screen exist. */
export function TextLines({ text, language }: { text: string; language?: string | undefined }) {
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => {
    const all = text.split(/\r?\n/);
    if (all.length > 1 && all[all.length - 1] === "") all.pop();
    return all;
  }, [text]);
  const coloured = useColours(text, language);
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
      className="h-full min-h-64 overflow-auto font-mono text-xs leading-5 -outline-offset-2 max-lg:max-h-[70dvh]"
    >
      <div
        className="relative"
        style={{ height: rows.getTotalSize(), width: `${gutter + widest + 2}ch`, minWidth: "100%" }}
      >
        {rows.getVirtualItems().map((item) => {
          const line = lines[item.index] ?? "";
          const html = line.length > longest ? undefined : coloured?.[item.index];
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
              {html === undefined ? (
                <span>{line.length > longest ? `${line.slice(0, longest)}… (${line.length} characters)` : line}</span>
              ) : (
                // biome-ignore lint/security/noDangerouslySetInnerHtml: the highlighter escapes the text and adds spans only
                <span dangerouslySetInnerHTML={{ __html: html }} />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** The lines in colours once the highlighter is there; nothing for what is shown plain. */
export function useColours(text: string, language: string | undefined): string[] | undefined {
  const [coloured, setColoured] = useState<string[]>();
  useEffect(() => {
    setColoured(undefined);
    if (!language || text.length > colouredUpTo) return;
    let wanted = true;
    // Without colours the text is still there to read.
    void import("./highlight")
      .then(({ highlight }) => highlight(text, language))
      .then(
        (lines) => wanted && setColoured(lines),
        () => undefined,
      );
    return () => {
      wanted = false;
    };
  }, [text, language]);
  return coloured;
}
