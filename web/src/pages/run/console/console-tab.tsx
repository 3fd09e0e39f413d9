import { ArrowDownToLine, ChevronDown, ChevronUp, Clock, Download } from "lucide-react";
import { useDeferredValue, useEffect, useMemo, useState } from "react";
import { type ConsoleSearch, consoleUrl, useConsoleLength, useConsoleSearch } from "@/api/console";
import { failureOf } from "@/api/queries";
import type { ConsoleMatch } from "@/api/types";
import { formatBytes, formatCount, plural } from "@/state/format";
import { useLocal } from "@/state/local";
import { useAddress } from "@/state/search";
import { Button, IconButton } from "@/ui/button";
import { CheckBox, SearchField } from "@/ui/fields";
import { EmptyState, ErrorState, Skeleton } from "@/ui/state-views";
import { ConsoleLines } from "./console-lines";

/** What the program of a run wrote: every line within reach, the newest by themselves. */
export function ConsoleTab({ runId, running }: { runId: string; running: boolean }) {
  const [address, change] = useAddress();
  const length = useConsoleLength(runId);
  const [times, setTimes] = useLocal("console.times", false);
  const [follow, setFollow] = useState(address.line === undefined);
  const [line, setLine] = useState<number | undefined>(lineOf(address.line));
  const finder = useFinder(runId);
  const failure = failureOf(length);
  const { current } = finder;
  useEffect(() => {
    if (!current) return;
    setFollow(false);
    setLine(current.line);
  }, [current]);
  if (failure)
    return <ErrorState what="The console could not be read" error={failure} onRetry={() => void length.refetch()} />;
  if (!length.data) return <Skeleton className="m-6 h-96" />;
  const { total, bytes } = length.data;
  if (total === 0)
    return (
      <EmptyState title={running ? "Nothing was written yet" : "This run has no console"} className="py-20">
        The C# client sends what a program writes by itself. Other programs send lines to{" "}
        <code className="font-mono text-xs">POST /api/v1/runs/{runId}/console</code>.
      </EmptyState>
    );
  return (
    <div className="flex h-[calc(100dvh-3rem-9.25rem)] min-h-[24rem] flex-col">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-2 sm:px-6">
        <Finder finder={finder} />
        <span className="grow" />
        <span className="num text-xs text-ink-3">
          {plural(total, "line")}, {formatBytes(bytes)}
        </span>
        <IconButton label="Show when each line came" aria-pressed={times} onClick={() => setTimes(!times)}>
          <Clock />
        </IconButton>
        <Button look="ghost" aria-pressed={follow} onClick={() => setFollow(!follow)} title="Stay at the newest line">
          <ArrowDownToLine />
          Follow
        </Button>
        <a
          href={consoleUrl(runId)}
          download
          className="inline-flex h-8 items-center gap-1.5 rounded-md px-2.5 text-sm font-medium text-ink-2 hover:bg-hover hover:text-ink"
        >
          <Download className="size-4" />
          <span className="hidden sm:inline">Download</span>
          <span className="sr-only sm:hidden">Download the console</span>
        </a>
      </div>
      <ConsoleLines
        runId={runId}
        total={total}
        follow={follow}
        onFollow={setFollow}
        line={line}
        matches={finder.byLine}
        times={times}
        onLine={(next) => {
          setLine(next);
          setFollow(false);
          change({ line: String(next + 1) }, true);
        }}
      />
    </div>
  );
}

const lineOf = (text: string | undefined): number | undefined => {
  const line = Number(text);
  return text !== undefined && Number.isSafeInteger(line) && line > 0 ? line - 1 : undefined;
};

function useFinder(runId: string) {
  const [search, setSearch] = useState<ConsoleSearch>({ text: "", regex: false, ignoreCase: true });
  const [place, setPlace] = useState(0);
  const wanted = useDeferredValue(search);
  const found = useConsoleSearch(runId, wanted);
  const matches = useMemo(() => found.data?.pages.flatMap((page) => page.matches) ?? [], [found.data]);
  const byLine = useMemo(() => new Map(matches.map((match) => [match.line, match])), [matches]);
  const go = (next: number) => {
    if (next >= matches.length && found.hasNextPage && !found.isFetchingNextPage) void found.fetchNextPage();
    if (matches.length > 0) setPlace(found.hasNextPage ? next : (next + matches.length) % matches.length);
  };
  const current: ConsoleMatch | undefined = matches[Math.min(place, matches.length - 1)];
  return {
    search,
    setSearch: (next: ConsoleSearch) => {
      setSearch(next);
      setPlace(0);
    },
    found,
    matches,
    byLine,
    place: Math.min(place, matches.length - 1),
    current,
    go,
  };
}

function Finder({ finder }: { finder: ReturnType<typeof useFinder> }) {
  const { search, setSearch, found, matches, place, go } = finder;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the key belongs to the field inside
    <div
      className="flex min-w-0 flex-wrap items-center gap-2"
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
        event.preventDefault();
        go(place + (event.shiftKey ? -1 : 1));
      }}
    >
      <div data-shortcut="/" className="w-56">
        <SearchField
          label="Search the console"
          hint="Enter goes to the next match, Shift Enter to the one before"
          value={search.text}
          onChange={(text) => setSearch({ ...search, text })}
          invalid={found.isError}
        />
      </div>
      <CheckBox
        label="Regex"
        checked={search.regex}
        onChange={(event) => setSearch({ ...search, regex: event.target.checked })}
        className="text-xs text-ink-2"
      />
      <CheckBox
        label="Match case"
        checked={!search.ignoreCase}
        onChange={(event) => setSearch({ ...search, ignoreCase: !event.target.checked })}
        className="text-xs text-ink-2"
      />
      {search.text !== "" && (
        <span role="status" className={`num text-xs ${found.isError ? "text-bad" : "text-ink-2"}`}>
          {found.isError
            ? found.error.message
            : found.isPending
              ? "Searching…"
              : matches.length === 0
                ? found.hasNextPage
                  ? "None so far"
                  : "No match"
                : `${formatCount(place + 1)} of ${formatCount(matches.length)}${found.hasNextPage ? "+" : ""}`}
        </span>
      )}
      {found.hasNextPage && matches.length === 0 && (
        <Button look="ghost" className="h-7" onClick={() => void found.fetchNextPage()}>
          Search on
        </Button>
      )}
      {matches.length > 0 && (
        <>
          <IconButton label="Match before" onClick={() => go(place - 1)}>
            <ChevronUp />
          </IconButton>
          <IconButton label="Next match" onClick={() => go(place + 1)}>
            <ChevronDown />
          </IconButton>
        </>
      )}
    </div>
  );
}
