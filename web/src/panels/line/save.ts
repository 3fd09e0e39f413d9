import type uPlot from "uplot";
import { colourToken, type RunStyle } from "@/charts/prepare/colours";
import type { Curves } from "@/charts/prepare/curves";
import { type Picture, toSvg } from "./export";

/** Gives the reader a file. */
export function download(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^-+|-+$/g, "") || "panel";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The canvases of a panel on paper, with its title. */
export async function toPng(host: HTMLElement, title: string): Promise<Blob | undefined> {
  const canvases = [...host.querySelectorAll("canvas")].filter((canvas) => canvas.width > 0);
  const [first] = canvases;
  if (!first) return undefined;
  const density = window.devicePixelRatio || 1;
  const origin = host.getBoundingClientRect();
  const head = 36 * density;
  const paper = document.createElement("canvas");
  paper.width = Math.max(1, Math.round(origin.width * density));
  paper.height = Math.round(origin.height * density + head);
  const pen = paper.getContext("2d");
  if (!pen) return undefined;
  pen.fillStyle = token("--surface");
  pen.fillRect(0, 0, paper.width, paper.height);
  pen.fillStyle = token("--ink");
  pen.font = `600 ${14 * density}px "Inter Variable", system-ui, sans-serif`;
  pen.fillText(title, 12 * density, 23 * density, paper.width - 24 * density);
  for (const canvas of canvases) {
    const box = canvas.getBoundingClientRect();
    pen.drawImage(
      canvas,
      (box.left - origin.left) * density,
      (box.top - origin.top) * density + head,
      box.width * density,
      box.height * density,
    );
  }
  return new Promise((resolve) => paper.toBlob((blob) => resolve(blob ?? undefined), "image/png"));
}

interface Drawn {
  plot: uPlot;
  curves: Curves;
  names: ReadonlyMap<string, string>;
  styles: ReadonlyMap<string, RunStyle>;
  xLog: boolean;
  yLog: boolean;
}

/** What a plot shows now, as SVG: the same ranges, ticks and colours. */
export function plotToSvg(title: string, { plot, curves, names, styles, xLog, yLog }: Drawn): string {
  const colour = (id: string) => token(colourToken(styles.get(id)));
  const points = (index: number): [number, number][][] => {
    const runs: [number, number][][] = [[]];
    (curves.values[index] ?? []).forEach((value, at) => {
      if (value === null) runs.push([]);
      else if (value !== undefined) runs.at(-1)?.push([curves.x[at] ?? 0, value]);
    });
    return runs.filter((run) => run.length > 0);
  };
  const scale = (key: "x" | "y", log: boolean): Picture["x"] => {
    const { min = 0, max = 1 } = plot.scales[key] as { min?: number; max?: number };
    const axis = plot.axes[key === "x" ? 0 : 1] as { _splits?: (number | null)[]; _values?: (string | null)[] };
    const ticks = (axis._splits ?? []).flatMap((value, at): [number, string][] => {
      const text = axis._values?.[at];
      return value === null || !text || value < min || value > max ? [] : [[value, text]];
    });
    return { range: [min, max], log, ticks };
  };
  return toSvg({
    title,
    width: 800,
    height: 420,
    x: scale("x", xLog),
    y: scale("y", yLog),
    lines: curves.columns.flatMap(({ runId, role }, index) => {
      if (role !== "line" && role !== "raw") return [];
      const style = styles.get(runId);
      const opacity = role === "raw" || style?.faint ? 0.28 : 1;
      return [
        {
          name: names.get(runId) ?? runId,
          colour: colour(runId),
          dash: style?.dash ?? [],
          opacity,
          points: points(index),
        },
      ];
    }),
    bands: curves.bands.map(([high, low]) => ({
      colour: colour(curves.columns[high]?.runId ?? ""),
      upper: points(high).flat(),
      lower: points(low).flat(),
    })),
    ink: token("--ink-2"),
    grid: token("--line"),
    paper: token("--surface"),
  });
}
