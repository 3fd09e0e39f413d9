import { fieldOf } from "@/api/filter";
import { isSystem, type KeyFacts } from "@/charts/prepare/groups";
import type { PanelKind, PanelSettings } from "./kinds";

const mostAxes = 7;

/** The metric that a page is probably about: what most runs have, one that is validated before one that is trained on. */
export function mainMetric(metrics: readonly string[], facts: ReadonlyMap<string, KeyFacts>): string | undefined {
  const weigh = (key: string): number =>
    (facts.get(key)?.runs ?? 0) * 10 +
    (/(^|\/)(val|valid|validation|test|eval|final)/i.test(key) ? 6 : 0) +
    (/(acc|auc|f1|score|loss|error|rmse|mae|reward)/i.test(key) ? 3 : 0) -
    (/^(epoch|step|iteration)$|\/(epoch|step)$/i.test(key) ? 20 : 0);
  const own = metrics.filter((key) => !isSystem(key));
  return own.reduce<string | undefined>(
    (best, key) => (best === undefined || weigh(key) > weigh(best) ? key : best),
    undefined,
  );
}

/** Axes of parallel coordinates that nobody chose yet: the first params, then the metric that counts. */
export function fieldsAtFirst(
  params: readonly string[],
  metrics: readonly string[],
  facts: ReadonlyMap<string, KeyFacts>,
): string[] {
  const metric = mainMetric(metrics, facts);
  return [
    ...params
      .filter((key) => !/seed/i.test(key))
      .slice(0, mostAxes)
      .map((key) => fieldOf("params", key)),
    ...(metric === undefined ? [] : [fieldOf("metrics", metric)]),
  ];
}

/** A new panel of a kind, about what the page is probably about. */
export function firstSettings(
  kind: PanelKind,
  params: readonly string[],
  metrics: readonly string[],
  facts: ReadonlyMap<string, KeyFacts>,
  media: readonly string[] = [],
): PanelSettings {
  const key = mainMetric(metrics, facts);
  const metric = key === undefined ? undefined : fieldOf("metrics", key);
  const [first, second] = params.map((param) => fieldOf("params", param));
  const given = (settings: object) =>
    Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as PanelSettings;
  switch (kind) {
    case "line":
      return given({ kind, keys: key === undefined ? undefined : [key] });
    case "scatter":
      return given({ kind, x: first, y: metric });
    case "bar":
    case "box":
    case "histogram":
    case "importance":
      return given({ kind, value: metric });
    case "media":
      return given({ kind, key: media[0] });
    case "heat":
      return given({ kind, x: first, y: second, value: metric });
    default:
      return { kind } as PanelSettings;
  }
}
