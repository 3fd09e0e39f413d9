import type { Curves } from "@/charts/prepare/curves";
import { escapeText } from "@/state/markup";

const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The drawn points as a table: x, and a column for every line, with the borders of its band where it has one. */
export function toCsv(curves: Curves, names: ReadonlyMap<string, string>, xName: string): string {
  // By run, and not in the order in which they are drawn.
  const order = curves.runIds.flatMap((id) =>
    curves.columns.flatMap((column, index) =>
      column.runId === id ? [{ column, values: curves.values[index] ?? [] }] : [],
    ),
  );
  const heads = order.map(({ column: { runId, role } }) => {
    const name = names.get(runId) ?? runId;
    const part = { line: "", raw: " (raw)", low: " (low)", high: " (high)" }[role];
    return quoted(name + part);
  });
  const lines = [[quoted(xName), ...heads].join(",")];
  for (let at = 0; at < curves.x.length; at++) {
    const cells = order.map(({ values }) => {
      const value = values[at];
      return value === undefined ? "" : value === null ? "NaN" : String(value);
    });
    lines.push([String(curves.x[at]), ...cells].join(","));
  }
  return `${lines.join("\n")}\n`;
}

export interface Picture {
  title: string;
  width: number;
  height: number;
  x: { range: [number, number]; log: boolean; ticks: [number, string][] };
  y: { range: [number, number]; log: boolean; ticks: [number, string][] };
  lines: { name: string; colour: string; dash: readonly number[]; opacity: number; points: [number, number][][] }[];
  bands: { colour: string; upper: [number, number][]; lower: [number, number][] }[];
  ink: string;
  grid: string;
  paper: string;
}

const margin = { left: 62, right: 16, top: 40, bottom: 34 };
const legendLine = 18;
const mostNamed = 24;

/** The picture as a drawing that stays sharp at any size, with nothing in it that another program needs. */
export function toSvg(picture: Picture): string {
  const { width, height, ink, grid, paper } = picture;
  const named = picture.lines.filter(({ opacity }) => opacity === 1).slice(0, mostNamed);
  const whole = height + named.length * legendLine + 8;
  const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
  const place = ({ range: [from, to], log }: Picture["x"], value: number) =>
    log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
  const x = (value: number) => (margin.left + place(picture.x, value) * inner.width).toFixed(1);
  const y = (value: number) => (margin.top + (1 - place(picture.y, value)) * inner.height).toFixed(1);
  const path = (points: readonly [number, number][]) =>
    points.map(([px, py], at) => `${at === 0 ? "M" : "L"}${x(px)} ${y(py)}`).join("");
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${whole}" viewBox="0 0 ${width} ${whole}" font-family="Inter, system-ui, sans-serif" font-size="11">`,
    `<rect width="${width}" height="${whole}" fill="${paper}"/>`,
    `<text x="16" y="24" font-size="14" font-weight="600" fill="${ink}">${escapeText(picture.title)}</text>`,
    `<clipPath id="area"><rect x="${margin.left}" y="${margin.top}" width="${inner.width}" height="${inner.height}"/></clipPath>`,
    ...picture.y.ticks.map(
      ([value, text]) =>
        `<path d="M${margin.left} ${y(value)}H${width - margin.right}" stroke="${grid}"/><text x="${margin.left - 8}" y="${y(value)}" dy="4" text-anchor="end" fill="${ink}">${escapeText(text)}</text>`,
    ),
    ...picture.x.ticks.map(
      ([value, text]) =>
        `<path d="M${x(value)} ${margin.top}V${height - margin.bottom}" stroke="${grid}"/><text x="${x(value)}" y="${height - margin.bottom + 16}" text-anchor="middle" fill="${ink}">${escapeText(text)}</text>`,
    ),
    `<g clip-path="url(#area)" fill="none">`,
    ...picture.bands.map(
      ({ colour, upper, lower }) =>
        `<path d="${path([...upper, ...[...lower].reverse()])}Z" fill="${colour}" fill-opacity="0.16" stroke="none"/>`,
    ),
    ...picture.lines.map(
      ({ colour, dash, opacity, points }) =>
        `<path d="${points.map(path).join("")}" stroke="${colour}" stroke-width="1.5" stroke-opacity="${opacity}"${dash.length > 0 ? ` stroke-dasharray="${dash.join(" ")}"` : ""}/>`,
    ),
    "</g>",
    ...named.map(({ name, colour }, at) => {
      const top = height + at * legendLine;
      return `<path d="M16 ${top}h14" stroke="${colour}" stroke-width="2"/><text x="38" y="${top}" dy="4" fill="${ink}">${escapeText(name)}</text>`;
    }),
    "</svg>",
  ];
  return parts.join("\n");
}
