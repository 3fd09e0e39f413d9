import { type ReactNode, useRef } from "react";
import { useLocal } from "@/state/local";
import { ResizeEdge } from "@/ui/resize-edge";

/** Two panes with a border that can be moved. */
export function Split({ left, right }: { left: ReactNode; right: ReactNode }) {
  const host = useRef<HTMLDivElement>(null);
  const [share, setShare] = useLocal("split", 0.5);
  const to = (next: number) => setShare(Math.max(0.2, Math.min(0.8, next)));
  return (
    <div ref={host} className="flex h-full">
      <div className="min-w-0 shrink-0" style={{ width: `${share * 100}%` }}>
        {left}
      </div>
      <ResizeEdge
        label="Width of the table"
        value={share * 100}
        min={20}
        max={80}
        onDrag={(x) => {
          const box = host.current?.getBoundingClientRect();
          if (box) to((x - box.left) / box.width);
        }}
        onStep={(direction) => to(share + direction * 0.03)}
      />
      <div className="min-w-0 grow overflow-auto">{right}</div>
    </div>
  );
}
