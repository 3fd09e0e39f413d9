import { drawLines, type LineStyle, type Lines, pixelOf, type Raster, rasterOf, tone } from "@/panels/prepare/parallel";

interface Picture {
  lines: Lines;
  style: LineStyle;
  /** The runs in the ranges; all of them when absent. */
  active: Uint8Array | undefined;
  /** The colour of what lies outside of the ranges. */
  context: string;
}

/** Puts lines on a canvas, at most once a frame; what lies behind the chosen ones is drawn only when something but the choice changes. */
export class Painter {
  readonly #canvas: HTMLCanvasElement;
  readonly #raster: Raster;
  readonly #pixels: Uint32Array;
  readonly #image: ImageData;
  readonly #behind: HTMLCanvasElement;
  #behindOf: { lines: Lines; style: LineStyle; context: string } | undefined;
  #next: Picture | undefined;
  #frame = 0;

  constructor(canvas: HTMLCanvasElement, width: number, height: number) {
    this.#canvas = canvas;
    canvas.width = width;
    canvas.height = height;
    this.#raster = rasterOf(width, height);
    this.#image = new ImageData(width, height);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
    this.#behind = document.createElement("canvas");
    this.#behind.width = width;
    this.#behind.height = height;
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
    pen.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    if (active) {
      this.#drawBehind(lines, style, context, opacity);
      pen.globalAlpha = 0.35;
      pen.drawImage(this.#behind, 0, 0);
      pen.globalAlpha = 1;
    }
    drawLines(lines, active, style, this.#raster);
    tone(this.#raster, style, opacity, this.#pixels);
    if (!active) {
      pen.putImageData(this.#image, 0, 0);
      return;
    }
    // Image data replaces what it falls on: a canvas between them keeps what lies behind.
    const between = this.#between();
    between.getContext("2d")?.putImageData(this.#image, 0, 0);
    pen.drawImage(between, 0, 0);
  }

  #layer: HTMLCanvasElement | undefined;

  #between(): HTMLCanvasElement {
    if (this.#layer) return this.#layer;
    this.#layer = document.createElement("canvas");
    this.#layer.width = this.#canvas.width;
    this.#layer.height = this.#canvas.height;
    return this.#layer;
  }

  #drawBehind(lines: Lines, style: LineStyle, context: string, opacity: number): void {
    const before = this.#behindOf;
    if (before?.lines === lines && before.style === style && before.context === context) return;
    this.#behindOf = { lines, style, context };
    const grey: LineStyle = {
      ...style,
      shades: new Uint8Array(lines.runs),
      palette: Uint32Array.of(pixelOf(context)),
      blend: false,
    };
    drawLines(lines, undefined, grey, this.#raster);
    tone(this.#raster, grey, opacity, this.#pixels);
    this.#behind.getContext("2d")?.putImageData(this.#image, 0, 0);
  }
}

/** The more lines there are, the fainter is each. */
const opacityFor = (runs: number): number => Math.min(0.9, Math.max(0.12, 6 / Math.sqrt(runs)));
