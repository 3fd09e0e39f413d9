import { createContext, type RefObject, useContext } from "react";
import type { ChartSettings } from "@/charts/draw/chart-settings";
import type { RunStyle } from "@/charts/prepare/colours";
import type { KeyFacts } from "@/charts/prepare/groups";
import type { PanelKind, PanelSettings, SettingsOf } from "./prepare/kinds";
import type { KeyOfMedia } from "./prepare/media-keys";
import type { NamedRun } from "./queries";
import type { RunSource } from "./source";

/** What all panels of a page share. */
export interface PanelPage {
  source: RunSource;
  /** The runs that are drawn one by one. */
  runs: readonly NamedRun[];
  styles: ReadonlyMap<string, RunStyle>;
  metrics: readonly string[];
  params: readonly string[];
  tags: readonly string[];
  /** What the runs that are drawn one by one have to be looked at. */
  media: readonly KeyOfMedia[];
  facts: ReadonlyMap<string, KeyFacts>;
  settings: ChartSettings;
  onZoom: (range: [number, number] | undefined) => void;
  /** Narrows what the page shows to runs that fulfil a condition of the filter language; absent where a page has no filter. */
  onFilter: ((condition: string) => void) | undefined;
}

const PageContext = createContext<PanelPage | undefined>(undefined);
export const PanelPageProvider = PageContext.Provider;

export function usePanelPage(): PanelPage {
  const page = useContext(PageContext);
  if (!page) throw new Error("A panel is drawn outside of a page of panels");
  return page;
}

/** What a panel can be saved as; each is asked for when somebody wants it. */
export interface Exports {
  png?: () => Promise<Blob | undefined>;
  svg?: () => string | undefined;
  csv?: () => string | undefined;
}

export interface PanelProps<K extends PanelKind = PanelKind> {
  id: string;
  settings: SettingsOf<K>;
  title: string;
  /** Of what is drawn, in pixels. */
  height: number;
  /** The panel has the whole window. */
  full: boolean;
  exports: RefObject<Exports>;
  onChange: (settings: PanelSettings) => void;
}
