import type { RunInfo } from "@/api/types";
import { formatAgo, formatDuration, formatTime } from "@/state/format";
import { useNow } from "@/state/now";

/** An age, with the exact time on hover. */
export function Ago({ time, className }: { time: number; className?: string }) {
  const now = useNow();
  return (
    <time dateTime={new Date(time).toISOString()} title={formatTime(time)} className={className}>
      {formatAgo(time, now)}
    </time>
  );
}

export function Duration({ run }: { run: RunInfo }) {
  const now = useNow();
  const end = run.endTime ?? (run.status === "running" ? now : undefined);
  return end === undefined ? null : (
    <span className="num whitespace-nowrap">{formatDuration(end - run.startTime)}</span>
  );
}
