import { type KeyboardEvent, type PointerEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useWidth } from "@/charts/draw/use-size";
import { toPng } from "@/panels/line/save";
import { type PanelProps, usePanelPage } from "@/panels/page-context";
import { columnOf, scaleOf } from "@/panels/prepare/columns";
import { fieldsAtFirst } from "@/panels/prepare/defaults";
import { plain } from "@/panels/prepare/outline";
import {
  type Brush,
  brushCondition,
  countActive,
  type LineStyle,
  type Lines,
  linesOf,
  withinBrushes,
} from "@/panels/prepare/parallel";
import type { Columns } from "@/panels/queries";
import { formatCount, formatNumber } from "@/state/format";
import { cx } from "@/ui/classes";
import { coloursOf } from "./parallel-colours";
import { Painter } from "./parallel-painter";
import { columnsCsv, describeRuns, Foot, footHeight, RunWise } from "./run-wise";
import { useLook } from "./use-look";

const side = 54;
const top = 34;
const bottom = 22;

/** One line a run over several fields; ranges on the axes choose runs, and make a filter of the page. */
export default function ParallelPanel(props: PanelProps<"parallel">) {
  const page = usePanelPage();
  const chosen = useMemo(
    () => props.settings.fields ?? fieldsAtFirst(page.params, page.metrics, page.facts),
    [props.settings.fields, page],
  );
  const colour = props.settings.colour ?? chosen.at(-1);
  const fields = [...new Set([...chosen, ...(colour ? [colour] : [])])];
  return (
    <RunWise
      missing={chosen.length > 1 ? undefined : "Choose at least two fields in the settings"}
      fields={fields}
      height={props.height}
    >
      {(columns) => <Parallel {...props} columns={columns} fields={chosen} colour={colour} />}
    </RunWise>
  );
}

interface ParallelProps extends PanelProps<"parallel"> {
  columns: Columns;
  fields: readonly string[];
  colour: string | undefined;
}

function Parallel({ columns, fields, colour, height, title, exports }: ParallelProps) {
  const { source, onFilter } = usePanelPage();
  const look = useLook();
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<Painter>(undefined);
  const width = useWidth(host);
  const inner = Math.max(60, height - footHeight - top - bottom);
  const [brushes, setBrushes] = useState<readonly (Brush | undefined)[]>([]);
  const lines = useMemo(
    () =>
      linesOf(
        fields.map((field) => scaleOf(field, columnOf(columns, field))),
        columns.runs.length,
      ),
    [columns, fields],
  );
  const style = useMemo((): LineStyle => {
    const span = Math.max(1, width - 2 * side);
    const xs = fields.map((_, at) => side + (fields.length === 1 ? 0 : (at / (fields.length - 1)) * span));
    return {
      xs,
      ...coloursOf(colour ? scaleOf(colour, columnOf(columns, colour)) : undefined, columns.runs.length, look),
    };
  }, [fields, width, columns, colour, look]);
  const active = useMemo(() => withinBrushes(lines, brushes), [lines, brushes]);
  const brushed = brushes.some((brush) => brush !== undefined);
  const found = useMemo(() => (brushed ? countActive(active) : columns.runs.length), [brushed, active, columns]);

  useLayoutEffect(() => {
    if (!canvas.current || width === 0) return;
    painter.current = new Painter(canvas.current, width, inner);
    return () => painter.current?.stop();
  }, [width, inner]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a painter of another size has drawn nothing yet
  useEffect(() => {
    painter.current?.paint({ lines, style, active: brushed ? active : undefined, context: look.ink3 });
  }, [lines, style, active, brushed, look, width, inner]);
  exports.current = {
    png: async () => (host.current ? await toPng(host.current, title) : undefined),
    csv: () => columnsCsv(columns, fields),
  };

  const change = (axis: number, brush: Brush | undefined) =>
    setBrushes((before) => fields.map((_, at) => (at === axis ? brush : before[at])));
  const condition = brushed ? brushCondition(lines, brushes) : undefined;
  const drawn = lines.places.reduce(
    (least, at) =>
      Math.min(
        least,
        at.reduce((sum, one) => sum + (one < 0 ? 0 : 1), 0),
      ),
    columns.runs.length,
  );
  return (
    <>
      <div ref={host} className="relative select-none" style={{ height: height - footHeight }}>
        <canvas
          ref={canvas}
          role="img"
          aria-label={`${title}: ${formatCount(columns.runs.length)} runs over ${fields.map(plain).join(", ")}`}
          className="absolute left-0"
          style={{ top, width, height: inner }}
        />
        {width > 0 &&
          lines.axes.map((scale, axis) => (
            <Axis
              key={scale.field}
              lines={lines}
              axis={axis}
              x={style.xs[axis] ?? 0}
              height={inner}
              room={(width - 2 * side) / Math.max(1, fields.length - 1)}
              brush={brushes[axis]}
              onBrush={(brush) => change(axis, brush)}
            />
          ))}
      </div>
      <Foot>
        <span className="min-w-0 grow truncate">
          {brushed
            ? `${formatCount(found)} of ${formatCount(columns.runs.length)} runs in the ranges`
            : describeRuns(source, columns, drawn)}
          {!brushed && " · drag along an axis to choose runs"}
        </span>
        {brushed && (
          <button
            type="button"
            onClick={() => setBrushes([])}
            className="shrink-0 rounded-sm hover:text-ink hover:underline"
          >
            Clear
          </button>
        )}
        {condition && onFilter && (
          <button
            type="button"
            onClick={() => onFilter(condition)}
            title={condition}
            className="shrink-0 rounded-sm font-medium text-accent hover:underline"
          >
            Filter the runs
          </button>
        )}
      </Foot>
    </>
  );
}

interface AxisProps {
  lines: Lines;
  axis: number;
  x: number;
  height: number;
  /** To the next axis, in pixels. */
  room: number;
  brush: Brush | undefined;
  onBrush: (brush: Brush | undefined) => void;
}

const reach = 14;

/** The line of one field with its values, on which a range is dragged; arrow keys move it, with Shift its upper end, Delete removes it. */
function Axis({ lines, axis, x, height, room, brush, onBrush }: AxisProps) {
  const scale = lines.axes[axis];
  const track = useRef<HTMLDivElement>(null);
  if (!scale) return null;
  const name = plain(scale.field);
  const begin = (start: PointerEvent) => {
    const box = track.current?.getBoundingClientRect();
    if (start.button !== 0 || !box) return;
    start.preventDefault();
    const part = (y: number) => Math.min(1, Math.max(0, 1 - (y - box.top) / box.height));
    const first = part(start.clientY);
    const held = brush && first >= brush.from && first <= brush.to ? brush : undefined;
    let moved = false;
    const move = (event: globalThis.PointerEvent) => {
      if (!moved && Math.abs(event.clientY - start.clientY) < 3) return;
      moved = true;
      const now = part(event.clientY);
      if (held) onBrush(slide(held, now - first));
      else onBrush({ from: Math.min(first, now), to: Math.max(first, now) });
    };
    const up = () => {
      window.removeEventListener("pointermove", move);
      if (!moved) onBrush(undefined);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up, { once: true });
  };
  return (
    <>
      <span
        className="absolute top-2 -translate-x-1/2 truncate text-center text-2xs font-medium text-ink-2"
        style={{ left: x, maxWidth: Math.max(40, Math.min(room - 4, 2 * side)) }}
        title={scale.field}
      >
        {name}
      </span>
      {ticksOf(lines, axis).map(({ part, text }) => (
        <span
          key={part}
          className={cx(
            "pointer-events-none absolute -translate-y-1/2 truncate rounded-xs bg-surface/75 px-0.5 text-2xs leading-3 text-ink-3",
            axis === 0 && "-translate-x-full",
          )}
          style={{
            top: top + (1 - part) * height,
            left: axis === 0 ? x - 5 : x + 5,
            maxWidth: axis === 0 ? side - 6 : Math.min(96, room - 12, axis === lines.axes.length - 1 ? side - 6 : 96),
          }}
          title={text}
        >
          {text}
        </span>
      ))}
      <div
        ref={track}
        role="slider"
        tabIndex={0}
        aria-label={`Range of ${name}`}
        aria-orientation="vertical"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round((brush?.to ?? 1) * 100)}
        aria-valuetext={brush ? `${textAt(lines, axis, brush.from)} to ${textAt(lines, axis, brush.to)}` : "all"}
        onPointerDown={begin}
        onKeyDown={(event) => {
          const next = stepBrush(event, brush);
          if (next === null) return;
          event.preventDefault();
          event.stopPropagation();
          onBrush(next);
        }}
        className="absolute cursor-crosshair touch-none rounded-sm before:absolute before:inset-y-0 before:left-1/2 before:w-px before:bg-ink-3"
        style={{ left: x - reach, top, width: 2 * reach, height }}
      >
        {brush && (
          <span
            aria-hidden="true"
            className="absolute inset-x-2 cursor-grab rounded-sm border border-accent bg-accent/25"
            style={{ top: (1 - brush.to) * height, height: Math.max(2, (brush.to - brush.from) * height) }}
          />
        )}
      </div>
    </>
  );
}

/** A range moved along its axis, as long as before. */
function slide({ from, to }: Brush, by: number): Brush {
  const away = Math.min(1 - to, Math.max(-from, by));
  return { from: from + away, to: to + away };
}

/** The range after a key; null when the key means nothing. */
function stepBrush(event: KeyboardEvent, brush: Brush | undefined): Brush | undefined | null {
  if (event.key === "Delete" || event.key === "Backspace") return undefined;
  const by = event.key === "ArrowUp" ? 0.05 : event.key === "ArrowDown" ? -0.05 : 0;
  if (by === 0) return null;
  const now = brush ?? { from: 0, to: 1 };
  if (!event.shiftKey && brush && !(brush.from === 0 && brush.to === 1)) return slide(brush, by);
  if (event.shiftKey) return { from: now.from, to: Math.min(1, Math.max(now.from + 0.02, now.to + by)) };
  return by > 0 ? { from: now.from + by, to: now.to } : { from: now.from, to: now.to + by };
}

function textAt(lines: Lines, axis: number, part: number): string {
  const scale = lines.axes[axis];
  if (!scale) return "";
  if (scale.kind === "category")
    return scale.categories[Math.round(part * Math.max(1, scale.categories.length - 1))] ?? "";
  return formatNumber(
    scale.log ? scale.from * (scale.to / scale.from) ** part : scale.from + part * (scale.to - scale.from),
    4,
  );
}

function ticksOf(lines: Lines, axis: number): { part: number; text: string }[] {
  const scale = lines.axes[axis];
  const places =
    scale?.kind === "category"
      ? scale.categories.length <= 12
        ? scale.categories.map((_, at) => at / Math.max(1, scale.categories.length - 1))
        : [0, 1]
      : [0, 0.25, 0.5, 0.75, 1];
  return places.map((part) => ({ part, text: textAt(lines, axis, part) }));
}
