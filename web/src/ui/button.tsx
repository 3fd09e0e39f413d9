import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { cx } from "./classes";
import { Tip } from "./tip";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: "plain" | "primary" | "ghost" | "danger";
  ref?: Ref<HTMLButtonElement>;
}

const looks = {
  plain: "border border-line-strong bg-surface text-ink shadow-card hover:bg-hover",
  primary: "border border-transparent bg-accent text-on-accent hover:bg-accent-hover",
  ghost:
    "border border-transparent text-ink-2 hover:bg-hover hover:text-ink aria-expanded:bg-hover aria-pressed:bg-accent-soft aria-pressed:text-accent",
  danger: "border border-transparent bg-bad text-surface hover:opacity-90",
};

export function Button({ look = "plain", className, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={cx(
        "inline-flex h-8 shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-md px-2.5 text-sm font-medium transition-colors disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0",
        looks[look],
        className,
      )}
      {...rest}
    />
  );
}

interface IconButtonProps extends ButtonProps {
  label: string;
  children: ReactNode;
}

/** A button that shows only a sign; its label is its name and its tip. */
export function IconButton({ label, look = "ghost", className, ...rest }: IconButtonProps) {
  return (
    <Tip text={label}>
      <Button look={look} aria-label={label} className={cx("w-8 px-0", className)} {...rest} />
    </Tip>
  );
}
