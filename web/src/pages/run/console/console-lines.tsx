import { type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { blockLines, useConsoleBlocks } from "@/api/console";
import type { ConsoleLine, ConsoleMatch } from "@/api/types";
import { type Look, type Piece, parseAnsi } from "@/preview/ansi";
import { AnsiPieces } from "@/preview/ansi-text";
import { formatCount, formatTime } from "@/state/format";
import { cx } from "@/ui/classes";
import { barFor, lineHeight, markPieces, scrollHeight, topOf, viewAt } from "./view";

interface ConsoleLinesProps {
  runId: string;
  total: number;
  follow: boolean;
  onFollow: (follow: boolean) => void;
  /** The line that is brought into view and marked. */
  line: number | undefined;
  onLine: (line: number) => void;
  matches: ReadonlyMap<number, ConsoleMatch>;
  times: boolean;
}

const longest = 4000;
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** The lines on screen, of any number of lines; they are read block by block and stand still while the bar moves over them. */
export function ConsoleLines({ runId, total, follow, onFollow, line, onLine, matches, times }: ConsoleLinesProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(0);
  const [top, setTop] = useState(0);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const moveTo = useCallback((next: number) => {
    if (scroller.current) scroller.current.scrollTop = next;
  }, []);
  useLayoutEffect(() => {
    if (follow && height > 0) moveTo(scrollHeight(total, height));
  }, [follow, total, height, moveTo]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines at the end do not bring the line back into view
  useLayoutEffect(() => {
    if (line !== undefined && height > 0) moveTo(topOf(line, total, height, 0.4));
  }, [line, height]);

  const view = viewAt(total, height, top);
  const blocks = useConsoleBlocks(
    runId,
    Math.floor(view.first / blockLines),
    Math.floor(Math.max(view.first, view.first + view.count - 1) / blockLines),
    total,
  );
  const pieces = usePieces(blocks.lines);
  const gutter = String(total).length + 2;

  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: view.count - 2, PageUp: 2 - view.count }[event.key];
    if (event.key === "Home") moveTo(0);
    else if (event.key === "End") moveTo(scrollHeight(total, height));
    else if (by !== undefined) moveTo(top + barFor(by * lineHeight, total, height));
    else return;
    event.preventDefault();
    if (event.key !== "End") onFollow(false);
  };
  return (
    <div
      ref={scroller}
      role="log"
      // Thousands of lines a second would be read out otherwise.
      aria-live="off"
      aria-label="Console"
      tabIndex={0}
      onKeyDown={onKeyDown}
      onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}
      onWheel={(event) => {
        if (event.deltaY < 0) onFollow(false);
        // Where the bar stands for more than its pixels, the wheel still moves by lines.
        if (scrollHeight(total, height) < total * lineHeight) moveTo(top + barFor(event.deltaY, total, height));
      }}
      className={cx(
        "min-h-0 grow overscroll-contain bg-surface font-mono text-xs -outline-offset-2",
        scrollHeight(total, height) < total * lineHeight ? "overflow-y-scroll overflow-x-auto" : "overflow-auto",
      )}
    >
      <div style={{ height: scrollHeight(total, height) }} className="min-w-max">
        <div className="sticky top-0 overflow-hidden" style={{ height: Math.max(0, height - 1) }}>
          <div style={{ transform: `translateY(${-view.offset}px)` }}>
            {Array.from({ length: view.count }, (_, index) => {
              const number = view.first + index;
              const match = matches.get(number);
              const shown = pieces.get(number);
              const source = blocks.lines.get(Math.floor(number / blockLines))?.[number % blockLines];
              return (
                <div
                  key={number}
                  className={cx(
                    "flex whitespace-pre leading-5",
                    number === line ? "bg-selected" : "bg-surface hover:bg-hover",
                    source?.stream === "err" && "shadow-[inset_2px_0_0_var(--bad)]",
                  )}
                  style={{ height: lineHeight }}
                >
                  <button
                    type="button"
                    tabIndex={-1}
                    aria-label={`Link to line ${number + 1}`}
                    title={source && `${formatTime(source.time)}${source.stream === "err" ? ", standard error" : ""}`}
                    onClick={() => onLine(number)}
                    className="sticky left-0 shrink-0 select-none bg-inherit pr-[1.5ch] text-right text-ink-3 hover:text-ink"
                    style={{ width: `${gutter}ch` }}
                  >
                    {formatCount(number + 1).replaceAll(",", "")}
                  </button>
                  {times && source && (
                    <span className="mr-[1.5ch] shrink-0 text-ink-3">{clock.format(source.time)}</span>
                  )}
                  <span>
                    {shown === undefined ? (
                      <span className="text-ink-3">{blocks.error ? "This line could not be read" : "…"}</span>
                    ) : (
                      <AnsiPieces pieces={match ? markPieces(shown, match.at, match.length) : shown} />
                    )}
                  </span>
                </div>
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}

/** The looks of loaded lines; a look that a line leaves open goes on in the next one of its block. */
function usePieces(blocks: ReadonlyMap<number, ConsoleLine[]>): ReadonlyMap<number, Piece[]> {
  const known = useRef(new WeakMap<ConsoleLine[], Piece[][]>());
  return useMemo(() => {
    const pieces = new Map<number, Piece[]>();
    for (const [block, lines] of blocks) {
      let parsed = known.current.get(lines);
      if (!parsed) {
        parsed = parseLines(lines);
        known.current.set(lines, parsed);
      }
      parsed.forEach((one, index) => {
        pieces.set(block * blockLines + index, one);
      });
    }
    return pieces;
  }, [blocks]);
}

function parseLines(lines: readonly ConsoleLine[]): Piece[][] {
  let look: Look = {};
  return lines.map(({ text }) => {
    const cut = text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text;
    const parsed = parseAnsi(cut, look);
    look = parsed.look;
    return parsed.pieces;
  });
}
