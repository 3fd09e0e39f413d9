import { Popover as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "./classes";

interface PopoverProps {
  /** The button that opens it. */
  trigger: ReactNode;
  /** Its name, for those who do not see where it hangs. */
  label: string;
  align?: "start" | "center" | "end";
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** Width and padding; it never grows past the window. */
  className?: string;
  children: ReactNode;
}

/** A small panel that hangs at a button. Esc and a press outside close it. Mounted only while it is open. */
export function Popover({ trigger, label, align = "end", open, onOpenChange, className, children }: PopoverProps) {
  return (
    <Radix.Root {...(open === undefined ? {} : { open })} {...(onOpenChange ? { onOpenChange } : {})}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className={cx(
            "z-40 flex max-h-[min(34rem,var(--radix-popover-content-available-height))] max-w-[calc(100vw-1rem)] animate-appear flex-col rounded-lg border border-line bg-raised shadow-float outline-none",
            className,
          )}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Closes the popover it stands in. */
export const PopoverClose = ({ children }: { children: ReactNode }) => <Radix.Close asChild>{children}</Radix.Close>;
