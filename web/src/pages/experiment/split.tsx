import { type ReactNode, useRef } from "react";
import { useLocal } from "@/state/local";

/** Two panes with a border that can be moved, by mouse or by arrow keys. */
export function Split({ left, right }: { left: ReactNode; right: ReactNode }) {
  const host = useRef<HTMLDivElement>(null);
  const [share, setShare] = useLocal("split", 0.5);
  const moving = useRef(false);
  const to = (next: number) => setShare(Math.max(0.2, Math.min(0.8, next)));
  return (
    <div ref={host} className="flex h-full">
      <div className="min-w-0 shrink-0" style={{ width: `${share * 100}%` }}>
        {left}
      </div>
      <div
        role="separator"
        tabIndex={0}
        aria-orientation="vertical"
        aria-label="Width of the table"
        aria-valuenow={Math.round(share * 100)}
        aria-valuemin={20}
        aria-valuemax={80}
        onPointerDown={(event) => {
          event.preventDefault();
          moving.current = true;
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={(event) => {
          const box = host.current?.getBoundingClientRect();
          if (moving.current && box) to((event.clientX - box.left) / box.width);
        }}
        onPointerUp={() => {
          moving.current = false;
        }}
        onKeyDown={(event) =>
          event.key === "ArrowLeft" ? to(share - 0.03) : event.key === "ArrowRight" && to(share + 0.03)
        }
        className="relative z-10 w-px shrink-0 cursor-col-resize touch-none bg-line after:absolute after:inset-y-0 after:-left-1 after:w-2 hover:bg-accent focus-visible:bg-accent"
      />
      <div className="min-w-0 grow overflow-auto">{right}</div>
    </div>
  );
}
