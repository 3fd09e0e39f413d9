import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";

export interface Tab {
  id: string;
  label: string;
  count?: number;
  content: () => ReactNode;
}

/** Tabs whose choice lives in the address. Only the open one is mounted. */
export function Tabs({
  tabs,
  open,
  onOpen,
  aside,
}: {
  tabs: Tab[];
  open: string;
  onOpen: (id: string) => void;
  aside?: ReactNode;
}) {
  return (
    <Radix.Root value={open} onValueChange={onOpen}>
      <div className="flex items-end justify-between gap-4 border-b border-line px-4 sm:px-6">
        <Radix.List className="-mb-px flex gap-5 overflow-x-auto" aria-label="Sections">
          {tabs.map((tab) => (
            <Radix.Trigger
              key={tab.id}
              value={tab.id}
              className="flex h-10 items-center gap-1.5 whitespace-nowrap border-b-2 border-transparent text-sm text-ink-2 transition-colors -outline-offset-2 hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
            >
              {tab.label}
              {tab.count !== undefined && <span className="num text-xs font-normal text-ink-3">{tab.count}</span>}
            </Radix.Trigger>
          ))}
        </Radix.List>
        {aside}
      </div>
      {tabs.map((tab) => (
        <Radix.Content key={tab.id} value={tab.id} tabIndex={-1} className="outline-none">
          {tab.content()}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
