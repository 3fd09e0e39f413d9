import { X } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./classes";

interface ChipProps {
  children: ReactNode;
  /** What it says, where its content is not text alone; the name of its buttons. */
  label?: string;
  /** Opens or applies what the chip stands for. */
  onClick?: () => void;
  onRemove?: () => void;
  /** `accent` is something that is on, such as a filter; `plain` a fact, such as a tag. */
  look?: "plain" | "accent" | "bad";
  className?: string;
}

const looks = {
  plain: "bg-hover text-ink-2",
  accent: "bg-accent-soft text-accent",
  bad: "bg-bad-soft text-bad",
};

/** A small word in a frame: a tag, a part of a filter, a choice that can be taken back. */
export function Chip({ children, label, onClick, onRemove, look = "plain", className }: ChipProps) {
  const text = label ?? (typeof children === "string" ? children : "");
  const body = "min-w-0 truncate";
  return (
    <span
      className={cx(
        "inline-flex h-6 min-w-0 max-w-full items-center gap-0.5 rounded-sm px-1.5 text-xs",
        looks[look],
        className,
      )}
    >
      {onClick ? (
        <button type="button" onClick={onClick} title={text} className={cx(body, "rounded-sm hover:underline")}>
          {children}
        </button>
      ) : (
        <span className={body} title={text}>
          {children}
        </span>
      )}
      {onRemove && (
        <button
          type="button"
          aria-label={`Remove ${text}`}
          onClick={onRemove}
          className="-mr-1 grid size-5 shrink-0 place-items-center rounded-sm opacity-70 hover:opacity-100"
        >
          <X className="size-3" />
        </button>
      )}
    </span>
  );
}
