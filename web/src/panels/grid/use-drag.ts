import { type PointerEvent, type RefObject, useCallback, useRef, useState } from "react";
import { type Drop, dropAt, type Flow } from "@/panels/prepare/flow";
import { scrollerOf } from "./use-window";

export interface Dragged {
  id: string;
  drop: Drop | undefined;
  /** Where the pointer is, in the window. */
  x: number;
  y: number;
}

const threshold = 6;
const edge = 60;

/** Moves a panel by its head: begins after a few pixels, scrolls near the edges, ends where it is let go; Esc gives up. */
export function useDrag(
  root: RefObject<HTMLElement | null>,
  flow: Flow,
  onDrop: (id: string, drop: Drop) => void,
): { dragged: Dragged | undefined; begin: (event: PointerEvent, id: string) => void } {
  const [dragged, setDragged] = useState<Dragged>();
  const latest = useRef({ flow, onDrop });
  latest.current = { flow, onDrop };
  const begin = useCallback(
    (start: PointerEvent, id: string) => {
      const element = root.current;
      if (start.button !== 0 || !element) return;
      const scroller = scrollerOf(element);
      let last: Dragged | undefined;
      let frame = 0;
      const place = (x: number, y: number) => {
        const box = element.getBoundingClientRect();
        const column = ((x - box.left) / box.width) * latest.current.flow.columns;
        last = { id, x, y, drop: dropAt(latest.current.flow, column, y - box.top) };
        setDragged(last);
      };
      const scroll = () => {
        frame = 0;
        if (!last) return;
        const top = scroller === document.documentElement ? 48 : scroller.getBoundingClientRect().top;
        const away = last.y < top + edge ? last.y - top - edge : Math.max(0, last.y - window.innerHeight + edge);
        if (away === 0) return;
        scroller.scrollBy(0, away / 4);
        place(last.x, last.y);
        frame = requestAnimationFrame(scroll);
      };
      const move = (event: globalThis.PointerEvent) => {
        if (!last && Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) < threshold) return;
        event.preventDefault();
        place(event.clientX, event.clientY);
        frame ||= requestAnimationFrame(scroll);
      };
      const end = (keep: boolean) => {
        window.removeEventListener("pointermove", move);
        window.removeEventListener("pointerup", up);
        window.removeEventListener("pointercancel", cancel);
        window.removeEventListener("keydown", key, { capture: true });
        cancelAnimationFrame(frame);
        if (keep && last?.drop) latest.current.onDrop(id, last.drop);
        setDragged(undefined);
      };
      const up = () => end(true);
      const cancel = () => end(false);
      const key = (event: KeyboardEvent) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        end(false);
      };
      window.addEventListener("pointermove", move);
      window.addEventListener("pointerup", up);
      window.addEventListener("pointercancel", cancel);
      window.addEventListener("keydown", key, { capture: true });
    },
    [root],
  );
  return { dragged, begin };
}
