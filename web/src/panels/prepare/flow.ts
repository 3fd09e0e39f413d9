import { mediaKeyOf, type PanelRecord } from "./arrangement";
import type { Section } from "./outline";

/** Where a panel stands: its columns from 0, and pixels from the top of the grid. */
export interface Box {
  id: string;
  section: string;
  column: number;
  span: number;
  y: number;
  height: number;
}

export interface Head {
  section: string;
  column: number;
  span: number;
  y: number;
}

export interface Flow {
  columns: number;
  /** Row by row, so that `y` never falls. */
  boxes: readonly Box[];
  heads: readonly Head[];
  height: number;
}

export const gap = 12;
export const headHeight = 36;
export const defaultHeight = 268;
const leastColumn = 300;
/** What several runs have side by side needs more room than their curves in one picture. */
const mediaSize = { width: 2, height: 340 };

const isMedia = (id: string, record: PanelRecord | undefined): boolean =>
  record?.settings ? record.settings.kind === "media" : mediaKeyOf(id) !== undefined;

/** Columns that have room beside each other. */
export const columnsIn = (width: number): number => Math.max(1, Math.floor((width + gap) / (leastColumn + gap)));

/** Columns of a panel: what somebody chose, or `share` for one that nobody sized. */
function spanOf(id: string, record: PanelRecord | undefined, columns: number, share: number): number {
  const least = isMedia(id, record) ? mediaSize.width : 1;
  return Math.min(columns, record?.width ?? Math.max(share, least));
}

type Records = Readonly<Record<string, PanelRecord>>;

/** Columns that the panels of a section take beside each other; infinite where they do not stand in one row. */
function widthOf({ closed, panels: ids }: Section, panels: Records, columns: number, share: number): number {
  if (closed || ids.length === 0 || ids.length > columns) return Number.POSITIVE_INFINITY;
  return ids.reduce((sum, id) => sum + spanOf(id, panels[id], columns, share), 0);
}

/** Puts panels beside each other as long as there is room, section under section; small sections share a row. */
export function flow(sections: readonly Section[], panels: Records, columns: number): Flow {
  const boxes: Box[] = [];
  const heads: Head[] = [];
  let y = 0;
  for (const row of rowsOf(sections, panels, columns)) {
    const widths = (share: number) => row.map((section) => widthOf(section, panels, columns, share));
    // Few panels share the width, as far as they stay readable.
    const share = widths(2).reduce((sum, width) => sum + width, 0) <= columns ? 2 : 1;
    const taken = widths(share);
    let bottom = y + headHeight;
    let column = 0;
    row.forEach((section, at) => {
      const span = at === row.length - 1 ? columns - column : (taken[at] ?? columns);
      heads.push({ section: section.id, y, column, span });
      if (!section.closed) {
        const area = { column, span, top: y + headHeight };
        bottom = Math.max(bottom, fill(boxes, section, panels, columns, share, area));
      }
      column += span;
    });
    y = bottom + 4;
  }
  return { columns, boxes, heads, height: y };
}

/** Sections that stand beside each other, row by row. */
function rowsOf(sections: readonly Section[], panels: Records, columns: number): Section[][] {
  const rows: Section[][] = [];
  let room = 0;
  for (const section of sections) {
    const width = widthOf(section, panels, columns, 1);
    if (width <= room) rows.at(-1)?.push(section);
    else rows.push([section]);
    room = width <= room ? room - width : Math.max(0, columns - width);
  }
  return rows;
}

interface Area {
  column: number;
  span: number;
  top: number;
}

function fill(
  boxes: Box[],
  section: Section,
  panels: Records,
  columns: number,
  share: number,
  { column: left, span: room, top }: Area,
): number {
  let column = 0;
  let y = top;
  let row = 0;
  for (const id of section.panels) {
    const record = panels[id];
    const span = spanOf(id, record, columns, share);
    const height = record?.height ?? (isMedia(id, record) ? mediaSize.height : defaultHeight);
    if (column + span > room) {
      y += row + gap;
      column = 0;
      row = 0;
    }
    boxes.push({ id, section: section.id, column: left + column, span, y, height });
    row = Math.max(row, height);
    column += span;
  }
  return section.panels.length === 0 ? y : y + row + gap;
}

/** Items of a list ordered by `y` that reach into a range; `tallest` is the greatest height of any. */
function between<T extends { y: number }>(items: readonly T[], top: number, bottom: number, tallest: number): T[] {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle] as T).y < top - tallest) low = middle + 1;
    else high = middle;
  }
  const found: T[] = [];
  for (let at = low; at < items.length && (items[at] as T).y <= bottom; at++) found.push(items[at] as T);
  return found;
}

/** What stands between two heights. */
export const boxesBetween = ({ boxes }: Flow, top: number, bottom: number): Box[] =>
  between(boxes, top, bottom, 1200).filter((box) => box.y + box.height >= top);

export const headsBetween = ({ heads }: Flow, top: number, bottom: number): Head[] =>
  between(heads, top, bottom, headHeight);

export interface Drop {
  section: string;
  before: string | undefined;
  /** Where to draw the sign of it: left edge in columns, and the height. */
  column: number;
  y: number;
  height: number;
}

/** Where a panel lands that is let go at a place; x in columns. */
export function dropAt({ boxes, heads }: Flow, x: number, y: number): Drop | undefined {
  const top = (heads.findLast((head) => head.y <= y) ?? heads[0])?.y;
  const beside = heads.filter((head) => head.y === top);
  const section = (beside.find((head) => x < head.column + head.span) ?? beside.at(-1))?.section;
  if (section === undefined) return undefined;
  const inside = boxes.filter((box) => box.section === section);
  const row = inside.findLast((box) => box.y <= y)?.y ?? inside[0]?.y;
  if (row === undefined) {
    const head = heads.find((one) => one.section === section);
    return { section, before: undefined, column: head?.column ?? 0, y: (head?.y ?? 0) + headHeight, height: 8 };
  }
  const line = inside.filter((box) => box.y === row);
  const next = line.find((box) => x < box.column + box.span / 2);
  const last = line.at(-1);
  if (next) return { section, before: next.id, column: next.column, y: next.y, height: next.height };
  if (!last) return undefined;
  const after = inside[inside.indexOf(last) + 1];
  return { section, before: after?.id, column: last.column + last.span, y: last.y, height: last.height };
}
