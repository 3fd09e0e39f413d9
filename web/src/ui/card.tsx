import type { ReactNode } from "react";
import { cx } from "./classes";

/** The line above a card or a panel: what it is, what may be done with it. */
export function CardHeader({
  title,
  note,
  aside,
  dense = false,
  className,
}: {
  title: ReactNode;
  /** What is shown and what is not, in small grey words behind the title. */
  note?: ReactNode;
  aside?: ReactNode;
  /** For panels of a grid, of which many are on the screen. */
  dense?: boolean;
  className?: string;
}) {
  return (
    <header
      className={cx(
        "flex items-center justify-between gap-3 border-b border-line",
        dense ? "h-9 pr-1 pl-3" : "h-11 px-4",
        className,
      )}
    >
      <div className="flex min-w-0 items-baseline gap-2">
        <h2 className={cx("truncate font-semibold", dense ? "text-xs" : "text-sm")}>{title}</h2>
        {note !== undefined && <span className="num truncate text-2xs text-ink-3">{note}</span>}
      </div>
      {aside !== undefined && <div className="flex shrink-0 items-center gap-0.5">{aside}</div>}
    </header>
  );
}

export function Card({
  title,
  aside,
  children,
  className,
}: {
  title?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={cx("min-w-0 rounded-lg border border-line bg-surface shadow-card", className)}>
      {title !== undefined && <CardHeader title={title} aside={aside} />}
      {children}
    </section>
  );
}
