import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { Button } from "./button";
import { cx } from "./classes";

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: string;
  wide?: boolean;
  /** Takes nearly the whole window. */
  full?: boolean;
  children: ReactNode;
}

export function Dialog({ open, onClose, title, description, wide = false, full = false, children }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/35" />
        <Radix.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          className={cx(
            "fixed left-1/2 z-40 flex -translate-x-1/2 animate-appear flex-col rounded-lg border border-line bg-raised shadow-float",
            full ? "top-4 h-[calc(100dvh-2rem)]" : wide ? "top-[6dvh] max-h-[80dvh]" : "top-[12dvh] max-h-[80dvh]",
            full ? "w-[calc(100vw-2rem)]" : wide ? "w-[calc(100vw-2rem)] max-w-6xl" : "w-[calc(100vw-2rem)] max-w-lg",
          )}
        >
          <header className="flex items-start gap-3 px-5 pt-4 pb-3">
            <div className="min-w-0 grow">
              <Radix.Title className="truncate text-lg font-semibold">{title}</Radix.Title>
              {description && <Radix.Description className="mt-1 text-sm text-ink-2">{description}</Radix.Description>}
            </div>
            <Radix.Close asChild>
              <Button look="ghost" aria-label="Close" className="-mr-2 w-8 px-0">
                <X />
              </Button>
            </Radix.Close>
          </header>
          <div className="min-h-0 overflow-auto px-5 pb-5">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
