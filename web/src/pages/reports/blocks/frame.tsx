import type { ReactNode } from "react";
import { Skeleton } from "@/ui/state-views";

/** The box of a block. It is busy until everything in it is there, which an export waits for. */
export const Frame = ({
  caption,
  busy = false,
  children,
}: {
  caption?: ReactNode;
  busy?: boolean;
  children: ReactNode;
}) => (
  <figure aria-busy={busy} className="my-5 min-w-0">
    {children}
    {caption && <figcaption className="mt-1.5 text-xs text-ink-3">{caption}</figcaption>}
  </figure>
);

export const Waiting = ({ height }: { height: number }) => (
  <Frame busy>
    <div style={{ height }} className="grid">
      <Skeleton />
    </div>
  </Frame>
);

/** In the place of a block: what it lacks, and what was written, so that it can be put right. */
export const Fault = ({ what, source }: { what: string; source?: string }) => (
  <Frame>
    <div role="alert" className="rounded-lg border border-warn/40 bg-warn-soft px-4 py-3 text-sm">
      <p className="text-warn">{what}</p>
      {source && <pre className="mt-2 overflow-x-auto font-mono text-xs whitespace-pre-wrap text-ink-2">{source}</pre>}
    </div>
  </Frame>
);
