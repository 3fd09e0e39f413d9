import { Search, X } from "lucide-react";
import type { InputHTMLAttributes, Ref } from "react";
import { cx } from "./classes";

const frame =
  "h-8 rounded-md border border-line-strong bg-surface text-sm placeholder:text-ink-3 focus:border-accent focus:outline-2 focus:-outline-offset-1 focus:outline-accent";

export function TextField({
  className,
  ref,
  ...rest
}: InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> }) {
  return <input ref={ref} className={cx(frame, "w-full min-w-0 px-2.5", className)} {...rest} />;
}

interface SearchFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  className?: string;
  invalid?: boolean;
  hint?: string;
  ref?: Ref<HTMLInputElement>;
}

export function SearchField({ label, value, onChange, className, invalid = false, hint, ref }: SearchFieldProps) {
  return (
    <div className={cx("relative min-w-0", className)}>
      <Search className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" />
      <input
        ref={ref}
        type="text"
        aria-label={label}
        aria-invalid={invalid}
        placeholder={label}
        title={hint}
        value={value}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || value === "") return;
          event.stopPropagation();
          onChange("");
        }}
        className={cx(frame, "w-full pr-8 pl-8 aria-invalid:border-bad")}
      />
      {value !== "" && (
        <button
          type="button"
          aria-label="Clear"
          onClick={() => onChange("")}
          className="absolute top-1 right-1 grid size-6 place-items-center rounded-sm text-ink-3 hover:text-ink"
        >
          <X className="size-4" />
        </button>
      )}
    </div>
  );
}

export function Choice<T extends string>({
  label,
  value,
  onChange,
  options,
}: {
  label: string;
  value: T;
  onChange: (value: T) => void;
  options: readonly (readonly [T, string])[];
}) {
  return (
    <fieldset
      className="flex h-8 shrink-0 items-center rounded-md border border-line-strong bg-surface p-0.5"
      aria-label={label}
    >
      {options.map(([option, text]) => (
        <button
          key={option}
          type="button"
          aria-pressed={option === value}
          onClick={() => onChange(option)}
          className="h-full rounded-sm px-2 text-xs text-ink-2 transition-colors hover:text-ink aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent"
        >
          {text}
        </button>
      ))}
    </fieldset>
  );
}

export function CheckBox({
  label,
  hidden = false,
  className,
  ...rest
}: InputHTMLAttributes<HTMLInputElement> & { label: string; hidden?: boolean; ref?: Ref<HTMLInputElement> }) {
  const box = <input type="checkbox" aria-label={hidden ? label : undefined} className="size-3.5 shrink-0" {...rest} />;
  if (hidden) return box;
  return (
    <label className={cx("inline-flex cursor-pointer select-none items-center gap-2 text-sm", className)}>
      {box}
      {label}
    </label>
  );
}
