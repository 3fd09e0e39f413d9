import type { ReactNode } from "react";
import { cx } from "./classes";

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
      {title !== undefined && (
        <header className="flex h-11 items-center justify-between gap-3 border-b border-line px-4">
          <h2 className="truncate text-sm font-semibold">{title}</h2>
          {aside}
        </header>
      )}
      {children}
    </section>
  );
}
