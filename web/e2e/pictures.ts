import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";
import { accessible } from "./axe";
import { open, settled, shoot } from "./browser";
import { legible } from "./legible";

export interface Picture {
  /** Names the files: `<name>-wide-light.png` and so on. */
  name: string;
  url: string;
  /** Waits until what belongs into the picture is there. */
  ready: (page: Page) => Promise<unknown>;
}

const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;
const themes = ["light", "dark"] as const;

/** Keeps a picture of the page as it stands, and holds it to what every page owes: nothing serious for axe-core, no sideways scroll, no text on text. */
export async function picture(page: Page, name: string): Promise<void> {
  await settled(page);
  await shoot(page, name);
  await legible(page, name);
  await accessible(page, name);
}

/**
 * Takes a page at 1440x900 and at 390x844, light and dark, into RUNSTONE_SCREENSHOTS; each of the four is held to what every
 * page owes, and has no error in the console.
 */
export async function pictures(browser: Browser, { name, url, ready }: Picture): Promise<void> {
  for (const [size, viewport] of Object.entries(sizes))
    for (const colorScheme of themes) {
      const state = `${name}-${size}-${colorScheme}`;
      const { page, errors, close } = await open(browser, url, { viewport, colorScheme });
      await ready(page);
      await picture(page, state);
      expect(errors, `errors on ${state}`).toEqual([]);
      await close();
    }
}
