import { type FieldScale, place } from "./columns";
import { fieldCondition } from "./conditions";

/** A range of an axis, 0 at its lower end to 1. */
export interface Brush {
  from: number;
  to: number;
}

/** Where each run lies on each axis: 0 to 1 from below, and -1 where it has no value. */
export interface Lines {
  axes: readonly FieldScale[];
  places: readonly Float32Array[];
  runs: number;
}

export function linesOf(axes: readonly FieldScale[], runs: number): Lines {
  const places = axes.map((scale) => {
    const at = new Float32Array(runs);
    for (let run = 0; run < runs; run++) {
      const part = place(scale, scale.values[run] as number);
      at[run] = Number.isNaN(part) ? -1 : Math.min(1, Math.max(0, part));
    }
    return at;
  });
  return { axes, places, runs };
}

/** Categories lie at the middle of their step, so that a range takes them whole. */
const room = 1e-6;

/** Which runs lie within all ranges; a run without a value lies within none. */
export function withinBrushes(
  { places, runs }: Lines,
  brushes: readonly (Brush | undefined)[],
  into?: Uint8Array,
): Uint8Array {
  const active = into ?? new Uint8Array(runs);
  active.fill(1);
  brushes.forEach((brush, axis) => {
    const at = places[axis];
    if (!brush || !at) return;
    const [from, to] = [brush.from - room, brush.to + room];
    for (let run = 0; run < runs; run++) {
      const value = at[run] as number;
      if (value < from || value > to || value < 0) active[run] = 0;
    }
  });
  return active;
}

export const countActive = (active: Uint8Array): number => active.reduce((sum, one) => sum + one, 0);

/** What of the filter language finds the runs within the ranges; nothing when there are none. */
export function brushCondition({ axes }: Lines, brushes: readonly (Brush | undefined)[]): string | undefined {
  const parts = axes.flatMap((scale, axis) => {
    const brush = brushes[axis];
    return brush ? [fieldCondition(scale, brush.from, brush.to)] : [];
  });
  return parts.length === 0 ? undefined : parts.join(" and ");
}

/** What lies on each pixel, as sums, so that lines can be taken away as well as added. */
export interface Raster {
  width: number;
  height: number;
  /** How many lines pass. */
  count: Int32Array;
  /** The shades of all of them together, or of their colours red, green and blue. */
  sums: readonly [Int32Array] | readonly [Int32Array, Int32Array, Int32Array];
}

export interface LineStyle {
  /** The horizontal place of each axis, in pixels. */
  xs: readonly number[];
  /** The place of each run's colour in the palette. */
  shades: Uint8Array;
  /** Colours in the byte order of a canvas. */
  palette: Uint32Array;
  /** The palette is a scale, so that where lines cross its middle between them stands for them; otherwise their colours are mixed. */
  scale: boolean;
}

export function rasterOf(width: number, height: number, { scale }: Pick<LineStyle, "scale">): Raster {
  const plane = () => new Int32Array(width * height);
  return { width, height, count: plane(), sums: scale ? [plane()] : [plane(), plane(), plane()] };
}

/**
 * Adds the lines of some runs, or with `sign` -1 takes them away again. This is done by hand because a canvas without a graphics card takes far longer to draw
 * thousands of lines; and as sums, because a range that is dragged changes few of them from one picture to the next.
 */
export function addLines(
  { places }: Lines,
  runs: ArrayLike<number>,
  style: LineStyle,
  raster: Raster,
  sign: 1 | -1,
): void {
  for (let axis = 0; axis + 1 < places.length; axis++) {
    const span: Span = {
      left: places[axis] as Float32Array,
      right: places[axis + 1] as Float32Array,
      from: Math.round(style.xs[axis] as number),
      to: Math.round(style.xs[axis + 1] as number),
    };
    for (let at = 0; at < runs.length; at++) addLine(runs[at] as number, span, style, raster, sign);
  }
}

interface Span {
  left: Float32Array;
  right: Float32Array;
  from: number;
  to: number;
}

function addLine(run: number, { left, right, from, to }: Span, style: LineStyle, raster: Raster, sign: number): void {
  const start = left[run] as number;
  const end = right[run] as number;
  if (start < 0 || end < 0) return;
  const { width, height, count } = raster;
  const [first, second, third] = raster.sums;
  const shade = style.shades[run] as number;
  const colour = style.palette[shade] as number;
  const one = sign * (second ? colour & 0xff : shade);
  const two = sign * ((colour >> 8) & 0xff);
  const three = sign * ((colour >> 16) & 0xff);
  const most = height - 1;
  const step = ((start - end) * most) / Math.max(1, to - from);
  let y = (1 - start) * most;
  let row = (y + 0.5) | 0;
  for (let x = from; x < to; x++) {
    y += step;
    const next = (y + 0.5) | 0;
    const last = Math.max(row, next) * width + x;
    for (let pixel = Math.min(row, next) * width + x; pixel <= last; pixel += width) {
      count[pixel] = (count[pixel] as number) + sign;
      first[pixel] = (first[pixel] as number) + one;
      if (!second || !third) continue;
      second[pixel] = (second[pixel] as number) + two;
      third[pixel] = (third[pixel] as number) + three;
    }
    row = next;
  }
}

/** Pixels for a canvas: one line is as opaque as said, many are nearly solid. */
export function tone(
  { count, sums: [first, second, third] }: Raster,
  palette: Uint32Array,
  opacity: number,
  into: Uint32Array,
): void {
  const alphas = new Uint32Array(256);
  for (let lines = 1; lines < 256; lines++) alphas[lines] = Math.round(255 * (1 - (1 - opacity) ** lines)) << 24;
  for (let at = 0; at < into.length; at++) {
    const lines = count[at] as number;
    if (lines === 0) {
      into[at] = 0;
      continue;
    }
    const mean = ((first[at] as number) / lines + 0.5) | 0;
    const colour =
      !second || !third
        ? (palette[mean] as number) & 0xffffff
        : mean | (((second[at] as number) / lines) << 8) | (((third[at] as number) / lines) << 16);
    into[at] = colour | (alphas[Math.min(lines, 255)] as number);
  }
}

/** `#rrggbb` in the byte order of a canvas on a machine that is little-endian. */
export function pixelOf(colour: string): number {
  const value = Number.parseInt(colour.slice(1, 7), 16) || 0;
  return (((value & 0xff) << 16) | (value & 0xff00) | (value >> 16) | 0xff000000) >>> 0;
}

/** A colour between those of a list, 0 to 1. */
export function between(colours: readonly string[], part: number): string {
  const at = Math.min(0.999999, Math.max(0, part)) * (colours.length - 1);
  const low = Math.floor(at);
  const mix = at - low;
  const [a, b] = [colours[low] ?? "#888888", colours[low + 1] ?? colours[low] ?? "#888888"];
  const channel = (place: number) =>
    Math.round(
      Number.parseInt(a.slice(place, place + 2), 16) * (1 - mix) + Number.parseInt(b.slice(place, place + 2), 16) * mix,
    )
      .toString(16)
      .padStart(2, "0");
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}
