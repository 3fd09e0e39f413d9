import {
  Copy,
  Download,
  Ellipsis,
  EyeOff,
  GripVertical,
  Maximize2,
  MoveLeft,
  MoveRight,
  Pin,
  PinOff,
  Settings2,
  Trash2,
} from "lucide-react";
import { type KeyboardEvent, memo, type PointerEvent, useEffect, useRef, useState } from "react";
import { download } from "@/panels/line/save";
import type { Exports } from "@/panels/page-context";
import { heightStep, isByItself, metricOf } from "@/panels/prepare/arrangement";
import type { PanelSettings } from "@/panels/prepare/kinds";
import { cx } from "@/ui/classes";
import { Dialog } from "@/ui/dialog";
import { Menu, MenuItem, MenuLabel, MenuLine } from "@/ui/menu";
import { Tip } from "@/ui/tip";
import { notify } from "@/ui/toast";
import { PanelBody } from "./panel-body";

export interface PanelActions {
  /** By places in its section. */
  move: (id: string, by: number) => void;
  resize: (id: string, width: number | undefined, height: number | undefined) => void;
  remove: (id: string) => void;
  pin: (id: string, on: boolean) => void;
  edit: (id: string) => void;
  copy: (id: string) => void;
  /** Other settings, or what becomes of those that are kept. */
  change: (id: string, next: PanelSettings | ((before: PanelSettings) => PanelSettings)) => void;
}

interface PanelFrameProps {
  id: string;
  title: string;
  settings: PanelSettings;
  height: number;
  span: number;
  columns: number;
  isPinned: boolean;
  /** Panels stand where they are: a search shows some of them. */
  fixed: boolean;
  actions: PanelActions;
  onGrab: (event: PointerEvent, id: string) => void;
}

const headHeight = 36;
const sign = "grid size-7 place-items-center rounded-md text-ink-3 hover:bg-hover hover:text-ink [&_svg]:size-3.5";

/** The frame that every panel has: a head to move it by, what can be done with it, a corner that changes its size. */
export const PanelFrame = memo(function PanelFrame(props: PanelFrameProps) {
  const { id, title, settings, height, span, columns, isPinned, fixed, actions, onGrab } = props;
  const [large, setLarge] = useState(false);
  const [grown, setGrown] = useState<{ span: number; height: number }>();
  const exports = useRef<Exports>({});
  const fullExports = useRef<Exports>({});
  const frame = useRef<HTMLElement>(null);
  const metric = metricOf(id);
  const tall = grown?.height ?? height;

  const onKey = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const act = keyAction(event, { id, span, height, columns, isPinned, fixed, actions, open: () => setLarge(true) });
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };

  return (
    <section
      ref={frame}
      aria-label={title}
      data-chart={metric ?? id}
      data-panel={settings.kind}
      tabIndex={0}
      onKeyDown={onKey}
      style={
        grown
          ? { width: `calc(${grown.span} * (100% + 12px) / ${span} - 12px)`, height: tall, zIndex: 10 }
          : { height: tall }
      }
      className="group/card relative flex min-w-0 flex-col rounded-lg border border-line bg-surface shadow-card"
    >
      <header
        onPointerDown={(event) => {
          if (!fixed && !(event.target as HTMLElement).closest("button")) onGrab(event, id);
        }}
        className={cx("flex h-9 shrink-0 select-none items-center gap-0.5 pr-1.5 pl-3", !fixed && "cursor-grab")}
      >
        {!fixed && (
          <GripVertical
            aria-hidden="true"
            className="-ml-2.5 size-3.5 shrink-0 text-ink-3 opacity-0 transition-opacity group-hover/card:opacity-70"
          />
        )}
        <h3 className="min-w-0 grow truncate text-sm font-medium" title={metric ?? title}>
          {title}
        </h3>
        <div className="flex opacity-0 transition-opacity group-focus-within/card:opacity-100 group-hover/card:opacity-100 has-[[aria-expanded=true]]:opacity-100 pointer-coarse:opacity-100">
          <Tip text={isPinned ? "Unpin" : "Pin to the top"}>
            <button
              type="button"
              className={sign}
              aria-label={`${isPinned ? "Unpin" : "Pin"} ${title}`}
              onClick={() => actions.pin(id, !isPinned)}
            >
              {isPinned ? <PinOff /> : <Pin />}
            </button>
          </Tip>
          <Tip text="Settings">
            <button type="button" className={sign} aria-label={`Settings of ${title}`} onClick={() => actions.edit(id)}>
              <Settings2 />
            </button>
          </Tip>
          <Tip text="Enlarge">
            <button type="button" className={sign} aria-label={`Enlarge ${title}`} onClick={() => setLarge(true)}>
              <Maximize2 />
            </button>
          </Tip>
          <PanelMenu {...props} exports={exports} />
        </div>
      </header>
      <div className="min-h-0 grow overflow-hidden rounded-b-lg">
        <PanelBody
          id={id}
          settings={settings}
          title={title}
          height={tall - headHeight - 2}
          full={false}
          exports={exports}
          onChange={(next) => actions.change(id, next)}
        />
      </div>
      {!fixed && (
        <Corner
          label={`Size of ${title}`}
          columns={columns}
          span={span}
          height={height}
          frame={frame}
          onGrow={setGrown}
          onDone={(next) => {
            setGrown(undefined);
            actions.resize(id, next.span, next.height);
          }}
        />
      )}
      <Dialog open={large} onClose={() => setLarge(false)} title={title} full>
        {large && (
          <PanelBody
            id={id}
            settings={settings}
            title={title}
            height={Math.max(240, window.innerHeight - 130)}
            full
            exports={fullExports}
            onChange={(next) => actions.change(id, next)}
          />
        )}
      </Dialog>
    </section>
  );
});

interface KeyTarget {
  id: string;
  span: number;
  height: number;
  columns: number;
  isPinned: boolean;
  fixed: boolean;
  actions: PanelActions;
  open: () => void;
}

/** What a key does to the panel that has the focus. */
function keyAction(event: KeyboardEvent, target: KeyTarget): (() => void) | undefined {
  const { id, span, height, columns, isPinned, fixed, actions, open } = target;
  if (event.ctrlKey || event.metaKey) return undefined;
  const moves: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  const sizes: Record<string, [number, number]> = {
    ArrowLeft: [span - 1, height],
    ArrowRight: [span + 1, height],
    ArrowUp: [span, height - 2 * heightStep],
    ArrowDown: [span, height + 2 * heightStep],
  };
  if (event.altKey) return fixed || !(event.key in moves) ? undefined : () => actions.move(id, moves[event.key] ?? 0);
  if (event.shiftKey) {
    const size = sizes[event.key];
    return fixed || !size ? undefined : () => actions.resize(id, ...size);
  }
  if (event.key === "Enter") return open;
  if (event.key === "e") return () => actions.edit(id);
  if (event.key === "p") return () => actions.pin(id, !isPinned);
  return event.key === "Delete" ? () => actions.remove(id) : undefined;
}

function PanelMenu({
  id,
  title,
  isPinned,
  fixed,
  span,
  height,
  actions,
  exports,
}: PanelFrameProps & { exports: { current: Exports } }) {
  const own = !isByItself(id);
  return (
    <Menu
      trigger={
        <button type="button" className={sign} aria-label={`More for ${title}`}>
          <Ellipsis />
        </button>
      }
    >
      <MenuItem onSelect={() => actions.copy(id)}>
        <Copy /> Duplicate
      </MenuItem>
      {!fixed && (
        <>
          <MenuItem onSelect={() => actions.move(id, -1)}>
            <MoveLeft /> Move before <Key text="Alt ←" />
          </MenuItem>
          <MenuItem onSelect={() => actions.move(id, 1)}>
            <MoveRight /> Move after <Key text="Alt →" />
          </MenuItem>
          <MenuItem onSelect={() => actions.resize(id, span + 1, height)}>
            <span className="size-4" /> Wider <Key text="Shift →" />
          </MenuItem>
          <MenuItem onSelect={() => actions.resize(id, span - 1, height)}>
            <span className="size-4" /> Narrower <Key text="Shift ←" />
          </MenuItem>
          <MenuItem onSelect={() => actions.resize(id, undefined, undefined)}>
            <span className="size-4" /> Ordinary size
          </MenuItem>
        </>
      )}
      <MenuItem onSelect={() => actions.pin(id, !isPinned)}>
        {isPinned ? <PinOff /> : <Pin />} {isPinned ? "Unpin" : "Pin to the top"} <Key text="P" />
      </MenuItem>
      <MenuLine />
      <Downloads title={title} exports={exports} />
      <MenuLine />
      <MenuItem danger onSelect={() => actions.remove(id)}>
        {own ? <Trash2 /> : <EyeOff />} {own ? "Remove" : "Hide"} <Key text="Del" />
      </MenuItem>
    </Menu>
  );
}

const types = { png: "image/png", svg: "image/svg+xml", csv: "text/csv" } as const;

/** What a panel can be saved as when its menu opens: what it draws comes later than its frame. */
function Downloads({ title, exports }: { title: string; exports: { current: Exports } }) {
  const save = async (kind: keyof typeof types) => {
    const content = await exports.current[kind]?.();
    if (content === undefined) notify("There is nothing to download yet");
    else download(`${title}.${kind}`, content instanceof Blob ? content : new Blob([content], { type: types[kind] }));
  };
  return (
    <>
      <MenuLabel>Download</MenuLabel>
      {(["png", "svg", "csv"] as const).map((kind) => (
        <MenuItem key={kind} onSelect={() => void save(kind)} disabled={exports.current[kind] === undefined}>
          <Download /> {kind.toUpperCase()}
        </MenuItem>
      ))}
    </>
  );
}

const Key = ({ text }: { text: string }) => <kbd className="ml-auto pl-4 font-sans text-2xs text-ink-3">{text}</kbd>;

interface CornerProps {
  label: string;
  columns: number;
  span: number;
  height: number;
  frame: { current: HTMLElement | null };
  onGrow: (size: { span: number; height: number }) => void;
  onDone: (size: { span: number; height: number }) => void;
}

/** The lower right corner, by which a panel becomes wider and higher in whole columns and steps. */
function Corner({ label, columns, span, height, frame, onGrow, onDone }: CornerProps) {
  const stop = useRef<() => void>(undefined);
  useEffect(() => () => stop.current?.(), []);
  const begin = (start: PointerEvent) => {
    const box = frame.current?.getBoundingClientRect();
    if (start.button !== 0 || !box) return;
    start.preventDefault();
    const column = (box.width + 12) / span;
    let size = { span, height };
    const move = (event: globalThis.PointerEvent) => {
      size = {
        span: Math.max(1, Math.min(columns, Math.round((event.clientX - box.left + 12) / column))),
        height: Math.max(
          160,
          Math.min(1200, Math.round((height + event.clientY - start.clientY) / heightStep) * heightStep),
        ),
      };
      onGrow(size);
    };
    const end = () => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", up);
      stop.current = undefined;
    };
    const up = () => {
      end();
      onDone(size);
    };
    stop.current = end;
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up);
  };
  return (
    <span
      aria-hidden="true"
      title={label}
      onPointerDown={begin}
      className="absolute right-0 bottom-0 size-4 cursor-nwse-resize touch-none rounded-br-lg opacity-0 transition-opacity after:absolute after:right-1 after:bottom-1 after:size-2 after:border-r-2 after:border-b-2 after:border-ink-3 group-hover/card:opacity-100"
    />
  );
}
