import { addLines, type LineStyle, type Lines, pixelOf, type Raster, rasterOf, tone } from "@/panels/prepare/parallel";

interface Picture {
  lines: Lines;
  style: LineStyle;
  /** The runs in the ranges; all of them when absent. */
  active: Uint8Array | undefined;
  /** The colour of what lies outside of the ranges. */
  context: string;
}

/** Puts lines on a canvas, at most once a frame. While a range is dragged only the lines are drawn that come or go. */
export class Painter {
  readonly #canvas: HTMLCanvasElement;
  readonly #image: ImageData;
  readonly #pixels: Uint32Array;
  readonly #behind: HTMLCanvasElement;
  readonly #before: HTMLCanvasElement;
  #behindOf: { lines: Lines; style: LineStyle; context: string } | undefined;
  /** What the raster holds: the runs of a picture whose lines were added. */
  #drawn: { lines: Lines; style: LineStyle; raster: Raster; runs: Uint8Array } | undefined;
  #next: Picture | undefined;
  #frame = 0;

  constructor(canvas: HTMLCanvasElement, width: number, height: number) {
    const layer = () => Object.assign(document.createElement("canvas"), { width, height });
    this.#canvas = canvas;
    canvas.width = width;
    canvas.height = height;
    this.#image = new ImageData(width, height);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
    this.#behind = layer();
    this.#before = layer();
  }

  paint(picture: Picture): void {
    this.#next = picture;
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
  }

  #draw(): void {
    this.#frame = 0;
    const pen = this.#canvas.getContext("2d");
    const picture = this.#next;
    if (!pen || !picture) return;
    const { lines, style, active, context } = picture;
    const opacity = opacityFor(lines.runs);
    if (active) this.#drawBehind(lines, style, context, opacity);
    tone(this.#collect(picture), style.palette, opacity, this.#pixels);
    if (!active) {
      pen.putImageData(this.#image, 0, 0);
      return;
    }
    pen.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    pen.globalAlpha = 0.35;
    pen.drawImage(this.#behind, 0, 0);
    pen.globalAlpha = 1;
    // Image data replaces what it falls on: a canvas between them keeps what lies behind.
    this.#before.getContext("2d")?.putImageData(this.#image, 0, 0);
    pen.drawImage(this.#before, 0, 0);
  }

  /** The raster with the lines of a picture, from what it holds already. */
  #collect({ lines, style, active }: Picture): Raster {
    const wanted = active ?? new Uint8Array(lines.runs).fill(1);
    const same = this.#drawn?.lines === lines && this.#drawn.style === style;
    const before = same ? this.#drawn?.runs : undefined;
    const come: number[] = [];
    const gone: number[] = [];
    let all = 0;
    for (let run = 0; run < lines.runs; run++) {
      all += wanted[run] as number;
      if (wanted[run] === (before ? before[run] : 0)) continue;
      if (wanted[run]) come.push(run);
      else gone.push(run);
    }
    // To begin again costs what is there in the end, to go on what is another.
    if (!this.#drawn || !same || come.length + gone.length > all) {
      const { width, height } = this.#canvas;
      const raster = rasterOf(width, height, style);
      addLines(lines, places(wanted), style, raster, 1);
      this.#drawn = { lines, style, raster, runs: wanted.slice() };
      return raster;
    }
    addLines(lines, gone, style, this.#drawn.raster, -1);
    addLines(lines, come, style, this.#drawn.raster, 1);
    this.#drawn.runs = wanted.slice();
    return this.#drawn.raster;
  }

  #drawBehind(lines: Lines, style: LineStyle, context: string, opacity: number): void {
    const before = this.#behindOf;
    if (before?.lines === lines && before.style === style && before.context === context) return;
    this.#behindOf = { lines, style, context };
    const palette = Uint32Array.of(pixelOf(context));
    const grey: LineStyle = { ...style, shades: new Uint8Array(lines.runs), palette, scale: true };
    const raster = rasterOf(this.#canvas.width, this.#canvas.height, grey);
    addLines(lines, places(new Uint8Array(lines.runs).fill(1)), grey, raster, 1);
    tone(raster, palette, opacity, this.#pixels);
    this.#behind.getContext("2d")?.putImageData(this.#image, 0, 0);
  }
}

function places(active: Uint8Array): number[] {
  const found: number[] = [];
  for (let run = 0; run < active.length; run++) if (active[run]) found.push(run);
  return found;
}

/** The more lines there are, the fainter is each. */
const opacityFor = (runs: number): number => Math.min(0.9, Math.max(0.1, 6 / Math.sqrt(runs)));
