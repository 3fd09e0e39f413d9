import type { Part } from "@/workspace/settings";
import { type PanelSettings, readPanelSettings } from "./kinds";
import { asFlag, asNumber, asObject, asText, asTexts, defined } from "./read";

/** What differs of one panel from how it is by itself. */
export interface PanelRecord {
  /** The section that it was moved to. */
  section?: string;
  /** In columns of the grid. */
  width?: number;
  /** In pixels. */
  height?: number;
  hidden?: boolean;
  settings?: PanelSettings;
}

export interface SectionRecord {
  name?: string;
  closed?: boolean;
  /** Panels that come first, in this order; the others follow in the order they have by themselves. */
  order?: string[];
}

/**
 * How panels are arranged, as the difference from a line panel for each metric in sections by prefix and a panel for each of the first keys of media: with a
 * hundred thousand metrics it is as small as what somebody changed. Panels of metrics are called `m:` and the metric, those of media `i:` and the key, added ones
 * `p:` and some letters; sections by prefix `s:` and the prefix, added ones `u:`.
 */
export interface Arrangement {
  panels: Readonly<Record<string, PanelRecord>>;
  sections: Readonly<Record<string, SectionRecord>>;
  /** Sections that come first, in this order. */
  order: readonly string[];
}

export const panelOf = (metric: string): string => `m:${metric}`;
export const metricOf = (panel: string): string | undefined => (panel.startsWith("m:") ? panel.slice(2) : undefined);
export const mediaPanelOf = (key: string): string => `i:${key}`;
export const mediaKeyOf = (panel: string): string | undefined => (panel.startsWith("i:") ? panel.slice(2) : undefined);
/** Whether a panel is there because runs log something: nobody added it, so it is hidden and not removed. */
export const isByItself = (panel: string): boolean => metricOf(panel) !== undefined || mediaKeyOf(panel) !== undefined;
export const sectionOf = (prefix: string): string => `s:${prefix}`;
/** Panels that somebody wants to see above all others, and where added ones go. */
export const pinned = "pinned";
export const added = "added";
/** What runs log to be looked at, below the metrics. */
export const mediaSection = "media";
export const isOwnSection = (section: string): boolean => section.startsWith("u:");

export const leastHeight = 160;
export const greatestHeight = 1200;
export const heightStep = 20;
export const mostWidth = 12;
const mostPanels = 2000;
const mostSections = 1000;

export const noArrangement: Arrangement = { panels: {}, sections: {}, order: [] };

export function readArrangement(part: Part | undefined): Arrangement {
  const panels = Object.entries(asObject(part?.panels) ?? {}).flatMap(([id, value]) => {
    const json = asObject(value);
    if (!json) return [];
    const record: PanelRecord = defined({
      section: asText(json.section, 1000),
      width: asNumber(json.width, 1, mostWidth),
      height: asNumber(json.height, leastHeight, greatestHeight),
      hidden: asFlag(json.hidden),
      settings: readPanelSettings(json.settings),
    });
    // A panel that somebody added is nothing without its settings.
    return !isByItself(id) && !record.settings ? [] : [[id, record] as const];
  });
  const sections = Object.entries(asObject(part?.sections) ?? {}).flatMap(([id, value]) => {
    const json = asObject(value);
    return json
      ? [
          [
            id,
            defined({
              name: asText(json.name, 200),
              closed: asFlag(json.closed),
              order: asTexts(json.order, mostPanels),
            }),
          ] as const,
        ]
      : [];
  });
  return {
    panels: Object.fromEntries(panels.slice(0, mostPanels)),
    sections: Object.fromEntries(sections.slice(0, mostSections)),
    order: asTexts(part?.order, mostSections) ?? [],
  };
}

/** An arrangement as it is kept; nothing when it is as the page is by itself. */
export function writeArrangement({ panels, sections, order }: Arrangement): Part | undefined {
  const part = defined({
    panels: Object.keys(panels).length > 0 ? panels : undefined,
    sections: Object.keys(sections).length > 0 ? sections : undefined,
    order: order.length > 0 ? order : undefined,
  });
  return Object.keys(part).length === 0 ? undefined : part;
}

export function changePanel(arrangement: Arrangement, id: string, change: PanelRecord): Arrangement {
  const record = defined({ ...arrangement.panels[id], ...change });
  const { [id]: _, ...others } = arrangement.panels;
  const nothing = Object.keys(record).length === 0;
  return { ...arrangement, panels: nothing ? others : { ...others, [id]: record } };
}

export function changeSection(arrangement: Arrangement, id: string, change: SectionRecord): Arrangement {
  const record = defined({ ...arrangement.sections[id], ...change });
  const { [id]: _, ...others } = arrangement.sections;
  // A section that was added is there although nothing else is said of it.
  const nothing = Object.keys(record).length === 0 && !isOwnSection(id);
  return { ...arrangement, sections: nothing ? others : { ...others, [id]: record } };
}

/** Where a panel goes. */
export interface Place {
  section: string;
  /** The panel that it comes before; at the end when absent. */
  before?: string | undefined;
}

/**
 * Moves a panel to another place.
 * @param home the section in which the panel is by itself
 * @param ids all panels of the section that it goes to, as they are ordered now
 */
export function placePanel(
  arrangement: Arrangement,
  id: string,
  { section, before }: Place,
  home: string,
  ids: readonly string[],
): Arrangement {
  const others = ids.filter((one) => one !== id);
  const found = before === undefined ? -1 : others.indexOf(before);
  const at = found < 0 ? others.length : found;
  const fixed = new Set(arrangement.sections[section]?.order);
  const lastFixed = others.findLastIndex((one) => fixed.has(one)) + 1;
  // As long as nothing behind the place was moved, what follows keeps the order that it has by itself.
  const order = [...others.slice(0, at), id, ...others.slice(at, Math.max(at, lastFixed))].slice(0, mostPanels);
  const moved = changePanel(arrangement, id, { section: section === home ? undefined : section });
  return changeSection(moved, section, { order });
}

/** Adds a panel with settings of its own at the end of a section, and opens that. */
export function addPanel(arrangement: Arrangement, id: string, section: string, settings: PanelSettings): Arrangement {
  const known = Object.keys(arrangement.panels).length;
  if (known >= mostPanels) return arrangement;
  return changePanel(changeSection(arrangement, section, { closed: false }), id, { section, settings });
}

/** Takes a panel away: one that is there by itself is hidden and can be shown again, an added one is gone. */
export function removePanel(arrangement: Arrangement, id: string): Arrangement {
  if (isByItself(id)) return changePanel(arrangement, id, { hidden: true });
  const { [id]: _, ...panels } = arrangement.panels;
  return { ...arrangement, panels };
}

/** Shows the hidden panels of a section, or of all. */
export function showHidden(arrangement: Arrangement, ids: readonly string[]): Arrangement {
  return ids.reduce((result, id) => changePanel(result, id, { hidden: undefined }), arrangement);
}

/** Removes a section that was added; panels go back to where they are by themselves, others to the added ones. */
export function removeSection(arrangement: Arrangement, id: string): Arrangement {
  const panels = Object.fromEntries(
    Object.entries(arrangement.panels).flatMap(([panel, { section, ...record }]) => {
      if (section !== id) return [[panel, section === undefined ? record : { section, ...record }]];
      return Object.keys(record).length > 0 ? [[panel, record]] : [];
    }),
  );
  const { [id]: _, ...sections } = arrangement.sections;
  return { panels, sections, order: arrangement.order.filter((one) => one !== id) };
}

/** Moves a section by some places among all, as they are ordered now. */
export function moveSection(arrangement: Arrangement, id: string, by: number, ids: readonly string[]): Arrangement {
  const others = ids.filter((one) => one !== id);
  const at = Math.max(0, Math.min(others.length, ids.indexOf(id) + by));
  const lastFixed = others.findLastIndex((one) => arrangement.order.includes(one)) + 1;
  return { ...arrangement, order: [...others.slice(0, at), id, ...others.slice(at, Math.max(at, lastFixed))] };
}
