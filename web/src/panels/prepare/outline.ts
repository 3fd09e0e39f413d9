import { type KeyFacts, matchKeys } from "@/charts/prepare/groups";
import {
  type Arrangement,
  added,
  isByItself,
  isOwnSection,
  mediaKeyOf,
  mediaPanelOf,
  mediaSection,
  metricOf,
  type PanelRecord,
  pinned,
} from "./arrangement";
import { homesOf, otherSection } from "./homes";
import type { LineSettings, PanelSettings } from "./kinds";

export interface Section {
  id: string;
  name: string;
  closed: boolean;
  /** Panels in order, without hidden ones. */
  panels: readonly string[];
  hidden: readonly string[];
  /** Keys of media that have no panel, because there are very many. */
  without?: number;
}

/** Keys of media that have a panel by themselves. */
const mostMedia = 12;

/** Sections after the first are closed at first when there are more panels than anybody reads through. */
const openUpTo = 5000;

/** All sections with all panels, as they are arranged. Pinned panels come first, then added ones, then metrics by prefix, then media. */
export function outline(
  metrics: readonly string[],
  facts: ReadonlyMap<string, KeyFacts>,
  arrangement: Arrangement,
  media: readonly string[] = [],
): Section[] {
  const homes = homesOf(metrics, facts, arrangement);
  const byItself = new Map<string, string[]>([
    [pinned, []],
    [added, []],
  ]);
  for (const id of Object.keys(arrangement.sections)) if (isOwnSection(id)) byItself.set(id, []);
  for (const { section, panels } of homes.sections) byItself.set(section, panels);
  const looked = media.filter((key, at) => at < mostMedia || arrangement.panels[mediaPanelOf(key)] !== undefined);
  byItself.set(mediaSection, looked.map(mediaPanelOf));
  moveOwn(byItself, arrangement, homes.of);

  const many = metrics.length > openUpTo;
  const first = homes.sections[0]?.section;
  const ids = ordered([...byItself.keys()], arrangement.order);
  return ids.flatMap((id) => {
    const record = arrangement.sections[id];
    const all = ordered(byItself.get(id) ?? [], record?.order ?? []);
    const panels = all.filter((panel) => !arrangement.panels[panel]?.hidden);
    if (all.length === 0 && !isOwnSection(id)) return [];
    const closed = record?.closed ?? (many && isOfMetrics(id) && id !== first);
    const hidden = panels.length === all.length ? [] : all.filter((panel) => arrangement.panels[panel]?.hidden);
    const without =
      id === mediaSection && looked.length < media.length ? { without: media.length - looked.length } : {};
    return [{ id, name: record?.name ?? nameOf(id, homes.sections.length === 1), closed, panels, hidden, ...without }];
  });
}

const isOfMetrics = (section: string): boolean => section.startsWith("s:") || section === otherSection;

function moveOwn(sections: Map<string, string[]>, { panels }: Arrangement, homeOf: (panel: string) => string): void {
  const moved = new Map<string, Set<string>>();
  const add = (section: string, id: string) => sections.get(sections.has(section) ? section : added)?.push(id);
  for (const [id, record] of Object.entries(panels)) {
    if (!isByItself(id)) add(record.section ?? added, id);
    else if (record.section !== undefined && sections.has(record.section)) {
      const home = homeOf(id);
      // Panels of what is not logged any more, or not yet, keep their record and are not shown.
      if (!sections.get(home)?.includes(id)) continue;
      moved.set(home, (moved.get(home) ?? new Set()).add(id));
      add(record.section, id);
    }
  }
  for (const [home, ids] of moved)
    sections.set(
      home,
      (sections.get(home) ?? []).filter((id) => !ids.has(id)),
    );
}

function nameOf(section: string, only: boolean): string {
  if (section === pinned) return "Pinned";
  if (section === added) return "Added";
  if (section === mediaSection) return "Media";
  if (section === otherSection) return only ? "Metrics" : "Other metrics";
  if (isOwnSection(section)) return "Section";
  return section.slice(2) || "Metrics";
}

/** Items with some of them first, in the order of those; what is in the order and not among the items is left out. */
function ordered(items: string[], order: readonly string[]): string[] {
  if (order.length === 0) return items;
  const known = new Set(items);
  const first = order.filter((id) => known.has(id));
  if (first.length === 0) return items;
  const taken = new Set(first);
  return [...first, ...items.filter((id) => !taken.has(id))];
}

export interface Narrowed {
  sections: Section[];
  error: string | undefined;
}

/** Only the panels that a search finds, in open sections without those that are left empty. */
export function narrow(sections: readonly Section[], arrangement: Arrangement, text: string): Narrowed {
  if (text.trim() === "") return { sections: [...sections], error: undefined };
  let error: string | undefined;
  const found = sections.flatMap((section) => {
    const names = section.panels.map((id) => searchedName(id, arrangement.panels[id]));
    const match = matchKeys(names, text);
    error ??= match.error;
    if (match.keys.length === 0) return [];
    const wanted = new Set(match.keys);
    return [{ ...section, closed: false, panels: section.panels.filter((_, at) => wanted.has(names[at] ?? "")) }];
  });
  return { sections: error === undefined ? found : [], error };
}

const searchedName = (id: string, record: PanelRecord | undefined): string =>
  record?.settings
    ? `${record.settings.title ?? ""} ${titleOf(id, record.settings)}`.trim()
    : (metricOf(id) ?? mediaKeyOf(id) ?? id);

/** What a panel shows: its settings, and where it is there by itself the line of its metric or what lies under its key. */
export function settingsOf(id: string, record: PanelRecord | undefined): PanelSettings {
  const metric = metricOf(id);
  const own = record?.settings;
  const media = mediaKeyOf(id);
  if (media !== undefined && (!own || own.kind === "media")) return { ...own, kind: "media", key: own?.key ?? media };
  if (metric === undefined || (own && own.kind !== "line")) return own ?? { kind: "markdown" };
  return { ...own, kind: "line", keys: own?.keys ?? [metric] };
}

/** A name for a panel that was given none. */
export function titleOf(id: string, settings: PanelSettings): string {
  if (settings.title) return settings.title;
  switch (settings.kind) {
    case "line":
      return lineTitle(settings) ?? metricOf(id) ?? "Curves";
    case "scatter":
      return settings.x && settings.y ? `${plain(settings.y)} over ${plain(settings.x)}` : "Scatter";
    case "bar":
    case "box":
    case "histogram": {
      const names = { bar: "Bars", box: "Distribution", histogram: "Histogram" };
      const by = settings.kind !== "histogram" && settings.by ? ` by ${plain(settings.by)}` : "";
      return settings.value ? `${plain(settings.value)}${by}` : names[settings.kind];
    }
    case "parallel":
      return "Parallel coordinates";
    case "heat":
      return settings.value ? `${plain(settings.value)} over two fields` : "Heat map";
    case "importance":
      return settings.value ? `What ${plain(settings.value)} depends on` : "Importance of params";
    case "matrix":
      return "Params and metrics";
    case "media":
      return settings.key ?? "Media";
    case "markdown":
      return "Note";
  }
}

/** The name of a panel in its section, which has the prefix of the metric in its own name. */
export function titleIn(id: string, section: string, settings: PanelSettings): string {
  const metric = metricOf(id);
  const title = titleOf(id, settings);
  const prefix = section.startsWith("s:") ? section.slice(2) : "";
  return title === metric && prefix !== "" && /^[/_]/.test(metric.slice(prefix.length)) && metric.startsWith(prefix)
    ? metric.slice(prefix.length + 1)
    : title;
}

const lineTitle = ({ keys, pattern, expression }: LineSettings): string | undefined =>
  expression ?? pattern ?? (keys && keys.length > 0 ? keys.join(", ") : undefined);

/** A field without its entity, as in the head of a column. */
export const plain = (field: string): string =>
  field.replace(/^(metrics|params|tags|attributes)\./, "").replace(/^`(.*)`/, "$1");
