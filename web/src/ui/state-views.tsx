import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { ApiError, passes } from "@/api/http";
import { Button } from "./button";
import { cx } from "./classes";

export const Skeleton = ({ className }: { className?: string }) => (
  <div aria-hidden="true" className={cx("animate-breathe rounded-md bg-hover", className)} />
);

export function EmptyState({
  title,
  children,
  className,
}: {
  title: string;
  children?: ReactNode;
  className?: string;
}) {
  return (
    <div className={cx("flex flex-col items-center justify-center px-6 py-12 text-center", className)}>
      <p className="text-base font-medium">{title}</p>
      {children && <div className="mt-1.5 w-full max-w-md wrap-anywhere text-sm text-ink-2">{children}</div>}
    </div>
  );
}

/** Says what went wrong and offers to try again, unless the page does that by itself. */
export function ErrorState({
  what,
  error,
  onRetry,
  className,
}: {
  what: string;
  error: unknown;
  onRetry?: () => void;
  className?: string;
}) {
  const message = error instanceof Error ? error.message : String(error);
  const status = error instanceof ApiError && error.status > 0 ? `${error.status} ${error.code}` : undefined;
  return (
    <div
      role="alert"
      className={cx("flex flex-col items-center justify-center gap-3 px-6 py-12 text-center", className)}
    >
      <CircleAlert className="size-6 text-bad" />
      <div>
        <p className="text-base font-medium">{what}</p>
        <p className="mt-1 max-w-lg text-sm text-ink-2">{message}</p>
        {status && <p className="mt-1 font-mono text-xs text-ink-3">{status}</p>}
      </div>
      {passes(error) ? (
        <p className="flex items-center gap-2 text-xs text-ink-3">
          <span aria-hidden="true" className="size-2 animate-breathe rounded-full bg-warn" />
          This page keeps trying.
        </p>
      ) : (
        onRetry && <Button onClick={onRetry}>Try again</Button>
      )}
    </div>
  );
}
