import type { RunStatus } from "@/api/types";
import { cx } from "./classes";

const looks: Record<RunStatus, { dot: string; text: string; label: string }> = {
  running: { dot: "bg-busy animate-breathe", text: "text-busy", label: "Running" },
  scheduled: { dot: "border-[1.5px] border-ink-3", text: "text-ink-2", label: "Scheduled" },
  finished: { dot: "bg-ok", text: "text-ink-2", label: "Finished" },
  failed: { dot: "bg-bad", text: "text-bad", label: "Failed" },
  killed: { dot: "bg-warn", text: "text-warn", label: "Killed" },
};

export function Status({ status, className }: { status: RunStatus; className?: string }) {
  const look = looks[status];
  return (
    <span className={cx("inline-flex items-center gap-2 whitespace-nowrap", look.text, className)}>
      <span aria-hidden="true" className={cx("size-2 shrink-0 rounded-full", look.dot)} />
      {look.label}
    </span>
  );
}
