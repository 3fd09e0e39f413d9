import { type RefObject, useEffect, useState } from "react";

export interface Window {
  top: number;
  bottom: number;
}

const step = 120;

/** What of an element is on the screen, in its own pixels and coarsely, whichever element around it scrolls. */
export function useWindow(ref: RefObject<HTMLElement | null>): Window {
  const [seen, setSeen] = useState<Window>({ top: 0, bottom: 900 });
  useEffect(() => {
    let frame = 0;
    const measure = () => {
      frame = 0;
      const element = ref.current;
      if (!element) return;
      const { top } = element.getBoundingClientRect();
      const next = {
        top: Math.floor(-top / step) * step,
        bottom: Math.ceil((window.innerHeight - top) / step) * step,
      };
      setSeen((before) => (before.top === next.top && before.bottom === next.bottom ? before : next));
    };
    const later = () => {
      frame ||= requestAnimationFrame(measure);
    };
    measure();
    // Captured, because scrolling does not bubble.
    document.addEventListener("scroll", later, { capture: true, passive: true });
    window.addEventListener("resize", later);
    const observer = new ResizeObserver(later);
    if (ref.current) observer.observe(ref.current);
    return () => {
      cancelAnimationFrame(frame);
      document.removeEventListener("scroll", later, { capture: true });
      window.removeEventListener("resize", later);
      observer.disconnect();
    };
  }, [ref]);
  return seen;
}

/** The nearest element around another one that scrolls. */
export function scrollerOf(element: HTMLElement): HTMLElement {
  for (let at = element.parentElement; at; at = at.parentElement)
    if (/(auto|scroll)/.test(getComputedStyle(at).overflowY) && at.scrollHeight > at.clientHeight) return at;
  return document.documentElement;
}
