import { type RefObject, useCallback, useMemo, useRef } from "react";
import {
  type Arrangement,
  addPanel,
  changePanel,
  changeSection,
  greatestHeight,
  heightStep,
  isByItself,
  leastHeight,
  moveSection,
  pinned,
  placePanel,
  removePanel,
  removeSection,
  showHidden,
} from "@/panels/prepare/arrangement";
import type { Drop } from "@/panels/prepare/flow";
import type { PanelKind, PanelSettings } from "@/panels/prepare/kinds";
import { type Section, settingsOf } from "@/panels/prepare/outline";
import { notify } from "@/ui/toast";
import type { PanelActions } from "./panel-frame";
import type { SectionActions } from "./section-head";

interface Stage {
  /** All sections, also what a search leaves out. */
  all: readonly Section[];
  arrangement: Arrangement;
  change: (next: (before: Arrangement) => Arrangement) => void;
  columns: number;
  root: RefObject<HTMLElement | null>;
  onEdit: (id: string) => void;
  /** The section in which a panel is by itself. */
  homeOf: (panel: string) => string;
  /** What a new panel of a kind shows. */
  first: (kind: PanelKind) => PanelSettings;
}

const newId = (kind: "p" | "u"): string => `${kind}:${Math.random().toString(36).slice(2, 10)}`;

/** All that can be done to panels and sections; the functions stay the same, so that panels do not draw again. */
export function useActions(stage: Stage) {
  const latest = useRef(stage);
  latest.current = stage;
  const known = useRef(new Map<string, { record: unknown; settings: PanelSettings }>());

  /** The settings of a panel, one object as long as nothing in it changes. */
  const settings = useCallback((id: string): PanelSettings => {
    const record = latest.current.arrangement.panels[id]?.settings;
    const before = known.current.get(id);
    if (before && before.record === record) return before.settings;
    const made = settingsOf(id, latest.current.arrangement.panels[id]);
    const same = before && JSON.stringify(before.settings) === JSON.stringify(made) ? before.settings : made;
    known.current.set(id, { record, settings: same });
    return same;
  }, []);

  const actions = useMemo(() => {
    const change = (next: (before: Arrangement) => Arrangement) => latest.current.change(next);
    const sectionOf = (panel: string) => latest.current.all.find((section) => section.panels.includes(panel));
    const idsOf = (section: string) => latest.current.all.find(({ id }) => id === section)?.panels ?? [];
    const place = (id: string, section: string, before: string | undefined) =>
      change((now) => placePanel(now, id, { section, before }, latest.current.homeOf(id), idsOf(section)));

    const panel: PanelActions = {
      move: (id, by) => {
        const section = sectionOf(id);
        if (!section) return;
        const others = section.panels.filter((one) => one !== id);
        const at = Math.max(0, Math.min(others.length, section.panels.indexOf(id) + by));
        place(id, section.id, others[at]);
      },
      resize: (id, width, height) => {
        const tall = height && Math.round(height / heightStep) * heightStep;
        change((now) =>
          changePanel(now, id, {
            width: width && Math.max(1, Math.min(latest.current.columns, width)),
            height: tall && Math.max(leastHeight, Math.min(greatestHeight, tall)),
          }),
        );
      },
      remove: (id) => {
        const before = latest.current.arrangement;
        change((now) => removePanel(now, id));
        notify(isByItself(id) ? "Panel hidden" : "Panel removed", {
          label: "Undo",
          run: () => change(() => before),
        });
      },
      pin: (id, on) => place(id, on ? pinned : latest.current.homeOf(id), undefined),
      edit: (id) => latest.current.onEdit(id),
      copy: (id) => {
        const section = sectionOf(id)?.id;
        if (section === undefined) return;
        const made = newId("p");
        change((now) => addPanel(now, made, section, settingsOf(id, now.panels[id])));
        latest.current.onEdit(made);
      },
      change: (id, next) =>
        change((now) =>
          changePanel(now, id, { settings: typeof next === "function" ? next(settingsOf(id, now.panels[id])) : next }),
        ),
    };
    const section: SectionActions = {
      toggle: (id) => {
        const closed = latest.current.all.find((one) => one.id === id)?.closed ?? false;
        change((now) => changeSection(now, id, { closed: !closed }));
      },
      rename: (id, name) => change((now) => changeSection(now, id, { name })),
      move: (id, by) =>
        change((now) =>
          moveSection(
            now,
            id,
            by,
            latest.current.all.map((one) => one.id),
          ),
        ),
      add: (id) => add("line", id),
      show: (id) => change((now) => showHidden(now, latest.current.all.find((one) => one.id === id)?.hidden ?? [])),
      remove: (id) => change((now) => removeSection(now, id)),
    };
    const add = (kind: PanelKind, to: string) => {
      const id = newId("p");
      change((now) => addPanel(now, id, to, latest.current.first(kind)));
      latest.current.onEdit(id);
      latest.current.root.current?.scrollIntoView({ block: "start" });
    };
    return {
      panel,
      section,
      add,
      addSection: () => {
        const id = newId("u");
        change((now) => {
          const made = changeSection(now, id, { name: "New section" });
          return { ...made, order: [id, ...made.order] };
        });
        latest.current.root.current?.scrollIntoView({ block: "start" });
      },
      drop: (id: string, { section: to, before }: Drop) => {
        if (before !== id) place(id, to, before);
      },
      reset: (id: string) => change((now) => changePanel(now, id, { settings: undefined })),
    };
  }, []);
  return { ...actions, settings };
}
