import { groupKeys, type KeyFacts, prefixOf } from "@/charts/prepare/groups";
import { type Arrangement, added, mediaKeyOf, mediaSection, metricOf, panelOf, sectionOf } from "./arrangement";

/** Metrics that have a prefix for themselves, where there are many of those. */
export const otherSection = "other";

/** Prefixes of a single metric that have sections of their own; more of them share one. */
const mostSingle = 12;

export interface Homes {
  /** The sections of metrics with their panels, as they are when nothing was moved. */
  sections: { section: string; panels: string[] }[];
  /** The section in which a panel is by itself. */
  of: (panel: string) => string;
}

/** Where panels are by themselves. A section that somebody arranged stays one, also when it has a single metric. */
export function homesOf(
  metrics: readonly string[],
  facts: ReadonlyMap<string, KeyFacts>,
  arrangement: Arrangement,
): Homes {
  const groups = groupKeys(metrics, facts).map(({ prefix, keys }) => ({ section: sectionOf(prefix), prefix, keys }));
  const single = groups.filter(({ prefix, keys }) => prefix !== "" && keys.length === 1);
  const kept = single.length > mostSingle ? mentioned(arrangement) : undefined;
  const shared = new Set(kept ? single.map(({ section }) => section).filter((section) => !kept.has(section)) : []);
  const sections = groups
    .filter(({ section }) => !shared.has(section))
    .map(({ section, keys }) => ({ section, panels: keys.map(panelOf) }));
  if (shared.size > 0)
    sections.push({
      section: otherSection,
      panels: groups.filter(({ section }) => shared.has(section)).flatMap(({ keys }) => keys.map(panelOf)),
    });
  return {
    sections,
    of: (panel) => {
      const metric = metricOf(panel);
      if (metric === undefined) return mediaKeyOf(panel) === undefined ? added : mediaSection;
      const section = sectionOf(prefixOf(metric));
      return shared.has(section) ? otherSection : section;
    },
  };
}

const mentioned = ({ sections, order, panels }: Arrangement): Set<string> =>
  new Set([...Object.keys(sections), ...order, ...Object.values(panels).flatMap(({ section }) => section ?? [])]);
