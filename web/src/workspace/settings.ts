/** What one part of the page keeps; only the part that wrote it knows what is in it, and reads it as if a stranger had written it. */
export type Part = Readonly<Record<string, unknown>>;

/** The table and the panels of the experiment, and the panels of the pages of its runs. */
export type PartName = "table" | "panels" | "run";

/**
 * How an experiment's page is arranged, beyond what the address says: the settings of a workspace and of a saved view. Members that this page does not know
 * are kept, so that an older page does not lose what a newer one wrote.
 */
export interface Settings {
  readonly version: 1;
  /** The saved view that was open when something was changed; absent when none was. */
  readonly view?: string;
  readonly table?: Part;
  readonly panels?: Part;
  readonly run?: Part;
}

export const noSettings: Settings = { version: 1 };

const isObject = (value: unknown): value is Part =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Settings from what the server has; what is not as expected is left out. */
export function readSettings(json: unknown): Settings {
  if (!isObject(json)) return noSettings;
  const { view, table, panels, run, ...others } = json;
  return {
    ...others,
    version: 1,
    ...(typeof view === "string" ? { view } : {}),
    ...(isObject(table) ? { table } : {}),
    ...(isObject(panels) ? { panels } : {}),
    ...(isObject(run) ? { run } : {}),
  };
}

/** Settings with another part; without it when that is undefined. */
export function withPart(settings: Settings, name: PartName, part: Part | undefined): Settings {
  const { [name]: _, ...others } = settings;
  return part === undefined ? others : { ...others, [name]: part };
}

/** Settings that belong to a view, or to none. */
export function ofView(settings: Settings, view: string | undefined): Settings {
  const { view: _, ...others } = settings;
  return view === undefined ? others : { ...others, view };
}

/** Whether two settings arrange a page alike, whichever view they belong to. */
export const sameSettings = (one: Settings, other: Settings): boolean =>
  canonical(ofView(one, undefined)) === canonical(ofView(other, undefined));

const canonical = (settings: Settings): string =>
  JSON.stringify(settings, (_, value: unknown) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
