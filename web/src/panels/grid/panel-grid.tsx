import { ChevronDown, Plus } from "lucide-react";
import { type PointerEvent, useCallback, useDeferredValue, useMemo, useRef, useState } from "react";
import { useSharedMediaKeys } from "@/api/media";
import { ChartSettingsBar, chartSettings, zoomSearch } from "@/charts/draw/chart-settings";
import { useWidth } from "@/charts/draw/use-size";
import { styleRuns } from "@/charts/prepare/colours";
import type { KeyFacts } from "@/charts/prepare/groups";
import { type PanelPage, PanelPageProvider } from "@/panels/page-context";
import { added, pinned } from "@/panels/prepare/arrangement";
import { firstSettings } from "@/panels/prepare/defaults";
import { boxesBetween, columnsIn, flow, gap, headHeight, headsBetween } from "@/panels/prepare/flow";
import { homesOf } from "@/panels/prepare/homes";
import type { PanelKind } from "@/panels/prepare/kinds";
import { type KeyOfMedia, keysOfMedia } from "@/panels/prepare/media-keys";
import { narrow, outline, settingsOf, titleIn } from "@/panels/prepare/outline";
import { type NamedRun, useShownRuns } from "@/panels/queries";
import type { RunSource } from "@/panels/source";
import { formatCount } from "@/state/format";
import { useAddress } from "@/state/search";
import { Button } from "@/ui/button";
import { SearchField } from "@/ui/fields";
import { Menu, MenuItem } from "@/ui/menu";
import { EmptyState } from "@/ui/state-views";
import type { WorkspacePart } from "@/workspace/use-workspace";
import { kindNames } from "./kind-names";
import { PanelDrawer } from "./panel-drawer";
import { PanelFrame } from "./panel-frame";
import { SectionHead } from "./section-head";
import { useActions } from "./use-actions";
import { useArrangement } from "./use-arrangement";
import { useDrag } from "./use-drag";
import { useWindow } from "./use-window";

interface PanelGridProps {
  source: RunSource;
  /** The runs of a source that was given by ids, in order. */
  runs: readonly NamedRun[];
  metrics: readonly string[];
  params?: readonly string[];
  tags?: readonly string[];
  facts: ReadonlyMap<string, KeyFacts>;
  /** What runs have to be looked at has panels by itself, where there is no other place for it. */
  media?: boolean;
  /** Where the arrangement is kept. */
  part: WorkspacePart;
  note?: string | undefined;
  onFilter?: ((condition: string) => void) | undefined;
}

const nothing: readonly string[] = [];
/** Panels this far beyond the edges are there already. */
const beyond = 500;

/** A panel for each metric and those that were added, in sections. Only what is near the screen exists; the address holds search, axis and zoom. */
export function PanelGrid(props: PanelGridProps) {
  const { source, metrics, params = nothing, tags = nothing, facts, note, onFilter } = props;
  const [search, changeAddress] = useAddress();
  const { arrangement, change } = useArrangement(props.part);
  const [editing, setEditing] = useState<string>();
  const root = useRef<HTMLDivElement>(null);
  const width = useWidth(root);
  const seen = useWindow(root);
  const runs = useShownRuns(source, props.runs) ?? noRuns;

  const wanted = useDeferredValue(search.metric ?? "");
  const media = useMedia(runs);
  const mediaKeys = useMemo(() => media.map(({ key }) => key), [media]);
  const all = useMemo(
    () => outline(metrics, facts, arrangement, props.media ? mediaKeys : nothing),
    [metrics, facts, arrangement, props.media, mediaKeys],
  );
  const found = useMemo(() => narrow(all, arrangement, wanted), [all, arrangement, wanted]);
  const columns = columnsIn(width);
  const layout = useMemo(() => flow(found.sections, arrangement.panels, columns), [found, arrangement, columns]);
  const fixed = wanted.trim() !== "";

  const page = usePage({ source, runs, metrics, params, tags, media, facts, onFilter });
  const actions = useActions({
    all,
    arrangement,
    change,
    columns,
    root,
    homeOf: (panel) => homesOf(metrics, facts, arrangement).of(panel),
    onEdit: setEditing,
    first: (kind) => firstSettings(kind, params, metrics, facts, mediaKeys),
  });
  const { dragged, begin } = useDrag(root, layout, actions.drop);
  const grab = useCallback((event: PointerEvent, id: string) => begin(event, id), [begin]);

  const sections = useMemo(() => new Map(found.sections.map((section) => [section.id, section])), [found]);
  const roomy = width >= 860;
  const cell = (width + gap) / columns;
  const total = useMemo(() => all.reduce((sum, { panels }) => sum + panels.length, 0), [all]);
  const count = useMemo(() => found.sections.reduce((sum, { panels }) => sum + panels.length, 0), [found]);

  return (
    <PanelPageProvider value={page}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div data-shortcut="/" className={roomy ? "max-w-64 min-w-36 flex-1" : "order-first min-w-36 flex-1"}>
          <SearchField
            label="Search metrics"
            hint="Text, or a regular expression"
            value={search.metric ?? ""}
            onChange={(metric) => changeAddress({ metric }, true)}
            invalid={found.error !== undefined}
          />
        </div>
        {fixed && found.error === undefined && (
          <span className="num text-xs text-ink-3" role="status">
            {formatCount(count)} of {formatCount(total)}
          </span>
        )}
        <div className={roomy ? undefined : "order-last w-full"}>
          <ChartSettingsBar settings={page.settings} onChange={changeAddress} metrics={metrics} />
        </div>
        {roomy && <span className="grow" />}
        <AddMenu
          without={media.length === 0 ? "media" : undefined}
          onAdd={(kind) => actions.add(kind, added)}
          onSection={actions.addSection}
        />
      </div>
      {note && <p className="mt-2 text-xs text-ink-3">{note}</p>}
      {found.error && (
        <p role="alert" className="mt-1 text-xs text-bad">
          {found.error}
        </p>
      )}
      {count === 0 && !found.error && (
        <EmptyState
          title={
            metrics.length === 0 ? "No metrics yet" : fixed ? "No panel is called like that" : "All panels are hidden"
          }
        >
          {metrics.length === 0 && "Curves appear here as soon as the run logs a point."}
        </EmptyState>
      )}
      <div ref={root} className="relative mt-2" style={{ height: layout.height }}>
        {width > 0 &&
          headsBetween(layout, seen.top - beyond, seen.bottom + beyond).map(({ section: id, y, column, span }) => {
            const section = sections.get(id);
            return (
              section && (
                <div
                  key={id}
                  style={{ top: y, height: headHeight, left: column * cell, width: span * cell - gap }}
                  className="absolute"
                >
                  <SectionHead section={section} actions={actions.section} fixed={fixed} />
                </div>
              )
            );
          })}
        {width > 0 &&
          boxesBetween(layout, seen.top - beyond, seen.bottom + beyond).map((box) => {
            const record = arrangement.panels[box.id];
            const settings = actions.settings(box.id);
            return (
              <div
                key={box.id}
                className={dragged?.id === box.id ? "absolute opacity-40" : "absolute"}
                style={{ top: box.y, left: box.column * cell, width: box.span * cell - gap }}
              >
                <PanelFrame
                  id={box.id}
                  title={titleIn(box.id, box.section, settings)}
                  settings={settings}
                  height={box.height}
                  span={box.span}
                  columns={columns}
                  isPinned={record?.section === pinned}
                  fixed={fixed}
                  actions={actions.panel}
                  onGrab={grab}
                />
              </div>
            );
          })}
        {dragged?.drop && (
          <div
            aria-hidden="true"
            className="pointer-events-none absolute z-20 w-0.5 rounded-full bg-accent"
            style={{ top: dragged.drop.y, height: dragged.drop.height, left: dragged.drop.column * cell - gap / 2 - 1 }}
          />
        )}
      </div>
      {dragged && (
        <div
          aria-hidden="true"
          className="pointer-events-none fixed z-50 max-w-64 truncate rounded-md border border-accent bg-raised px-2.5 py-1.5 text-sm font-medium shadow-float"
          style={{ left: dragged.x + 10, top: dragged.y + 10 }}
        >
          {titleIn(dragged.id, "", actions.settings(dragged.id))}
        </div>
      )}
      <PanelDrawer
        id={editing}
        settings={editing === undefined ? undefined : settingsOf(editing, arrangement.panels[editing])}
        onChange={actions.panel.change}
        onReset={actions.reset}
        onClose={() => setEditing(undefined)}
      />
    </PanelPageProvider>
  );
}

const noRuns: readonly NamedRun[] = [];
const noMedia: readonly KeyOfMedia[] = [];

/** The keys under which the runs that are drawn one by one have something to be looked at. */
function useMedia(runs: readonly NamedRun[]): readonly KeyOfMedia[] {
  const ids = useMemo(() => runs.map((run) => run.id), [runs]);
  const found = useSharedMediaKeys(ids).data;
  return useMemo(() => (found ? keysOfMedia(found) : noMedia), [found]);
}

interface AddMenuProps {
  /** A kind of which nothing could be shown. */
  without: PanelKind | undefined;
  onAdd: (kind: PanelKind) => void;
  onSection: () => void;
}

function AddMenu({ without, onAdd, onSection }: AddMenuProps) {
  return (
    <Menu
      trigger={
        <Button>
          <Plus />
          Add
          <ChevronDown />
        </Button>
      }
    >
      {kindNames.map(({ kind, name, sign: Sign }) => (
        <MenuItem key={kind} onSelect={() => onAdd(kind)} disabled={kind === without}>
          <Sign /> {name}
        </MenuItem>
      ))}
      <MenuItem onSelect={onSection}>
        <Plus /> Section
      </MenuItem>
    </Menu>
  );
}

/** One object as long as nothing in it changes, so that panels do not draw again. */
function usePage({
  runs,
  source,
  metrics,
  params,
  tags,
  media,
  facts,
  onFilter,
}: Omit<PanelPage, "styles" | "settings" | "onZoom">): PanelPage {
  const [search, changeAddress] = useAddress();
  const { axis, xKey, smoothing, log, xLog, clip, range } = chartSettings(search);
  const [from, to] = range ?? [];
  const settings = useMemo(
    () => ({
      axis,
      xKey,
      smoothing: { kind: smoothing.kind, amount: smoothing.amount },
      log,
      xLog,
      clip,
      range: from === undefined || to === undefined ? undefined : ([from, to] as [number, number]),
    }),
    [axis, xKey, smoothing.kind, smoothing.amount, log, xLog, clip, from, to],
  );
  const runKey = runs.map((run) => `${run.id}\n${run.name}`).join("\n\n");
  const sourceKey = JSON.stringify(source);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts stand for what is a new list at every reading
  const stable = useMemo(() => ({ runs, source, styles: styleRuns(runs.map((run) => run.id)) }), [runKey, sourceKey]);
  const onZoom = useCallback((next: [number, number] | undefined) => changeAddress(zoomSearch(next)), [changeAddress]);
  const filter = useRef(onFilter);
  filter.current = onFilter;
  const hasFilter = onFilter !== undefined;
  return useMemo(
    () => ({
      ...stable,
      metrics,
      params,
      tags,
      media,
      facts,
      settings,
      onZoom,
      onFilter: hasFilter ? (condition: string) => filter.current?.(condition) : undefined,
    }),
    [stable, metrics, params, tags, media, facts, settings, onZoom, hasFilter],
  );
}
