import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { cx } from "./classes";
import { notifyError } from "./toast";

/** Puts a text on the clipboard. */
export async function toClipboard(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Plain HTTP on another host has no clipboard API.
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

/** Copies a text; shows the given words, or only a sign. */
export function CopyButton({
  text,
  label,
  children,
  className,
}: {
  text: string;
  label: string;
  children?: string;
  className?: string;
}) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const Sign = copied ? Check : Copy;
  return (
    <button
      type="button"
      aria-label={children ? `${label} ${children}` : label}
      title={label}
      onClick={() =>
        toClipboard(text).then(
          () => setCopied(true),
          (cause) => notifyError("Could not copy", cause),
        )
      }
      className={cx(
        "inline-flex items-center gap-1.5 rounded-sm px-1 py-0.5 text-ink-3 transition-colors hover:bg-hover hover:text-ink",
        children && "font-mono text-xs",
        className,
      )}
    >
      {children}
      <Sign className={cx("size-3.5", copied && "text-ok")} />
      <span className="sr-only" aria-live="polite">
        {copied ? "Copied" : ""}
      </span>
    </button>
  );
}
