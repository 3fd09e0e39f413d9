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

export interface Raster {
  width: number;
  height: number;
  /** The shades of all lines that pass a pixel together, or the shade of the last one. */
  shade: Uint32Array;
  /** How many lines pass each pixel. */
  count: Uint32Array;
}

export function rasterOf(width: number, height: number): Raster {
  return { width, height, shade: new Uint32Array(width * height), count: new Uint32Array(width * height) };
}

export interface LineStyle {
  /** The horizontal place of each axis, in pixels. */
  xs: readonly number[];
  /** The place of each run's colour in the palette. */
  shades: Uint8Array;
  /** Colours in the byte order of a canvas. */
  palette: Uint32Array;
  /** Where lines cross the colour is the mean of theirs: the palette is a scale. Otherwise the last run is on top. */
  blend: boolean;
}

/**
 * Draws the lines of active runs, every pixel counted. This is done by hand because a canvas without a graphics card takes a tenth of a second for what are here two
 * hundredths: no edges are smoothed, and many lines at one place show by their number.
 */
export function drawLines(
  { places, runs }: Lines,
  active: Uint8Array | undefined,
  { xs, shades, blend }: LineStyle,
  raster: Raster,
): void {
  const { width, height, shade, count } = raster;
  shade.fill(0);
  count.fill(0);
  const most = height - 1;
  for (let axis = 0; axis + 1 < places.length; axis++) {
    const left = places[axis] as Float32Array;
    const right = places[axis + 1] as Float32Array;
    const x0 = Math.round(xs[axis] as number);
    const x1 = Math.round(xs[axis + 1] as number);
    const length = Math.max(1, x1 - x0);
    for (let run = 0; run < runs; run++) {
      if (active && active[run] === 0) continue;
      const from = left[run] as number;
      const to = right[run] as number;
      if (from < 0 || to < 0) continue;
      const paint = shades[run] as number;
      let y = (1 - from) * most;
      const step = ((from - to) * most) / length;
      let row = (y + 0.5) | 0;
      for (let x = x0; x < x1; x++) {
        y += step;
        const next = (y + 0.5) | 0;
        const low = Math.min(row, next);
        const high = Math.max(row, next);
        for (let pixel = low * width + x, last = high * width + x; pixel <= last; pixel += width) {
          shade[pixel] = blend ? (shade[pixel] as number) + paint : paint;
          count[pixel] = (count[pixel] as number) + 1;
        }
        row = next;
      }
    }
  }
}

/** Pixels for a canvas: one line is as opaque as said, many are nearly solid. */
export function tone(
  { shade, count }: Raster,
  { palette, blend }: LineStyle,
  opacity: number,
  into: Uint32Array,
): void {
  const alphas = new Uint32Array(256);
  for (let lines = 1; lines < 256; lines++) alphas[lines] = Math.round(255 * (1 - (1 - opacity) ** lines));
  for (let at = 0; at < into.length; at++) {
    const lines = count[at] as number;
    if (lines === 0) {
      into[at] = 0;
      continue;
    }
    const place = blend ? ((shade[at] as number) / lines + 0.5) | 0 : (shade[at] as number);
    into[at] = ((palette[place] as number) & 0xffffff) | ((alphas[Math.min(lines, 255)] as number) << 24);
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
