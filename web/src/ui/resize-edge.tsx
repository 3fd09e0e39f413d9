import { useRef } from "react";
import { cx } from "./classes";

interface ResizeEdgeProps {
  label: string;
  /** What the border stands for, in the unit of the caller: pixels or percent. */
  value: number;
  min: number;
  max: number;
  /** Called with the pointer's place in the window while the border is dragged. */
  onDrag: (clientX: number) => void;
  /** Called with -1 and 1 by the arrow keys, as the border would move. */
  onStep: (direction: -1 | 1) => void;
  className?: string;
}

/** A vertical border that is moved by mouse, by touch or by the arrow keys. */
export function ResizeEdge({ label, value, min, max, onDrag, onStep, className }: ResizeEdgeProps) {
  const moving = useRef(false);
  return (
    <div
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={Math.round(value)}
      aria-valuemin={min}
      aria-valuemax={max}
      onPointerDown={(event) => {
        event.preventDefault();
        moving.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => moving.current && onDrag(event.clientX)}
      onPointerUp={() => {
        moving.current = false;
      }}
      onKeyDown={(event) => {
        if (event.key === "ArrowLeft") onStep(-1);
        else if (event.key === "ArrowRight") onStep(1);
        else return;
        event.preventDefault();
      }}
      className={cx(
        "z-10 w-px shrink-0 cursor-col-resize touch-none bg-line after:absolute after:inset-y-0 after:-left-1 after:w-2 hover:bg-accent focus-visible:bg-accent",
        className ?? "relative",
      )}
    />
  );
}
