import type { Page } from "playwright-core";
import { expect } from "vitest";

/**
 * Fails when the page scrolls sideways, or when two texts in the window lie on each other. A text that an opaque element covers is not
 * seen and does not count; nor does what an ancestor cuts off.
 */
export async function legible(page: Page, name: string): Promise<void> {
  const width = page.viewportSize()?.width ?? 0;
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth),
    `${name} scrolls sideways`,
  ).toBeLessThanOrEqual(width);
  expect(await page.evaluate(overlaps), `texts that lie on each other on ${name}`).toEqual([]);
}

/** Runs in the page, so it holds all it needs. */
function overlaps(): string[] {
  interface Box {
    left: number;
    top: number;
    right: number;
    bottom: number;
  }
  interface Shown {
    text: string;
    element: Element;
    box: Box;
  }
  const cut = (a: Box, b: Box): Box => ({
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  });
  const larger = (box: Box, by: number) => box.right - box.left > by && box.bottom - box.top > by;
  const screen = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
  const clipped = (element: Element, box: Box): Box => {
    let rest = cut(box, screen);
    for (let up: Element | null = element; up && larger(rest, 0); up = up.parentElement) {
      const style = getComputedStyle(up);
      if (style.overflowX !== "visible" || style.overflowY !== "visible") rest = cut(rest, up.getBoundingClientRect());
      if (style.position === "fixed") break;
    }
    return rest;
  };
  const opaque = (element: Element): boolean => {
    const style = getComputedStyle(element);
    const alpha = /rgba?\([^)]*[,/]\s*([\d.]+)\)/.exec(style.backgroundColor);
    const colour = style.backgroundColor.startsWith("rgba") || style.backgroundColor.includes("/") ? alpha?.[1] : "1";
    return Number(colour ?? 1) >= 0.9 && style.backgroundColor !== "transparent";
  };
  /** Whether one of two texts is painted over by a surface that the other stands on. */
  const covered = (a: Element, b: Element, x: number, y: number): boolean => {
    let top: Element | null = document.elementFromPoint(x, y);
    while (top && !(top.contains(a) && top.contains(b))) {
      if (opaque(top)) return true;
      top = top.parentElement;
    }
    return false;
  };
  const texts: Shown[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent?.trim() ?? "";
    if (!element || text === "" || ["SCRIPT", "STYLE"].includes(element.tagName)) continue;
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      const box = clipped(element, rect);
      if (larger(box, 2)) texts.push({ text: text.slice(0, 60), element, box });
    }
  }
  texts.sort((a, b) => a.box.top - b.box.top);
  const found = new Set<string>();
  texts.forEach((one, at) => {
    for (let next = at + 1; next < texts.length; next++) {
      const other = texts[next];
      if (!other || other.box.top >= one.box.bottom) break;
      const shared = cut(one.box, other.box);
      if (!larger(shared, 3) || one.element === other.element) continue;
      const x = (shared.left + shared.right) / 2;
      const y = (shared.top + shared.bottom) / 2;
      if (!covered(one.element, other.element, x, y))
        found.add(`"${one.text}" and "${other.text}" at ${x | 0}, ${y | 0}`);
    }
  });
  return [...found].slice(0, 10);
}
