import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { useLocal } from "@/state/local";
import { IconButton } from "./button";
import { cx } from "./classes";
import { ResizeEdge } from "./resize-edge";

interface DrawerProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  /** Says what the drawer is for; read out when it opens. */
  description?: string;
  /** Buttons of the header, before the one that closes. */
  aside?: ReactNode;
  /** A bar that stays at the bottom, for what ends the work. */
  footer?: ReactNode;
  /** Under which its width is kept in this browser. */
  name: string;
  /** Width in pixels until somebody changes it. */
  width?: number;
  /** The page behind cannot be used meanwhile, and the focus stays inside. */
  modal?: boolean;
  children: ReactNode;
}

const narrowest = 280;

/** A panel at the right edge beside what it is about. Esc closes it and gives the focus back; its left border changes its width. */
export function Drawer(props: DrawerProps) {
  const { open, onClose, title, description, aside, footer, name, modal = false, children } = props;
  const [width, setWidth] = useLocal(`drawer.${name}`, props.width ?? 420);
  const widest = Math.max(narrowest, window.innerWidth - 120);
  const to = (next: number) => setWidth(Math.round(Math.max(narrowest, Math.min(widest, next))));
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()} modal={modal}>
      <Radix.Portal>
        {modal && <Radix.Overlay className="fixed inset-0 z-40 bg-black/35" />}
        <Radix.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          onInteractOutside={(event) => !modal && event.preventDefault()}
          style={{ width: `min(${width}px, 100vw)` }}
          className={cx(
            "fixed right-0 bottom-0 z-30 flex animate-appear bg-raised shadow-float outline-none",
            modal ? "top-0 z-40" : "top-12",
          )}
        >
          <ResizeEdge
            label="Width of the panel"
            value={width}
            min={narrowest}
            max={widest}
            onDrag={(x) => to(window.innerWidth - x)}
            onStep={(direction) => to(width - direction * 24)}
            className="relative max-sm:hidden"
          />
          <div className="flex min-w-0 grow flex-col">
            <header className="flex min-h-12 items-center gap-2 border-b border-line py-2 pr-2 pl-4">
              <div className="min-w-0 grow">
                <Radix.Title className="truncate text-sm font-semibold">{title}</Radix.Title>
                {description && <Radix.Description className="text-xs text-ink-3">{description}</Radix.Description>}
              </div>
              {aside}
              <IconButton label="Close" onClick={onClose}>
                <X />
              </IconButton>
            </header>
            <div className="min-h-0 grow overflow-auto">{children}</div>
            {footer && <footer className="flex items-center gap-2 border-t border-line px-4 py-2">{footer}</footer>}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
