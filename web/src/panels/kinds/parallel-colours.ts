import { type FieldScale, place } from "@/panels/prepare/columns";
import { between, type LineStyle, pixelOf } from "@/panels/prepare/parallel";
import { type Look, sequence } from "@/panels/prepare/plots";

const shadeCount = 64;

/** The colour of each run by a field: on a scale for numbers, one a category. Runs without a value are grey, or in the middle of the scale. */
export function coloursOf(
  scale: FieldScale | undefined,
  runs: number,
  look: Look,
): Pick<LineStyle, "shades" | "palette" | "scale"> {
  const shades = new Uint8Array(runs);
  if (!scale) return { shades, palette: Uint32Array.of(pixelOf(look.series[0] ?? "#0f6cbd")), scale: true };
  if (scale.kind === "category") {
    const palette = Uint32Array.from([...look.series, look.ink3], pixelOf);
    for (let run = 0; run < runs; run++) {
      const at = scale.values[run] as number;
      shades[run] = Number.isNaN(at) ? look.series.length : at % look.series.length;
    }
    return { shades, palette, scale: false };
  }
  const palette = Uint32Array.from({ length: shadeCount }, (_, at) =>
    pixelOf(between(sequence, at / (shadeCount - 1))),
  );
  for (let run = 0; run < runs; run++) {
    const part = place(scale, scale.values[run] as number);
    shades[run] = Number.isNaN(part)
      ? shadeCount / 2
      : Math.min(shadeCount - 1, Math.max(0, Math.floor(part * shadeCount)));
  }
  return { shades, palette, scale: true };
}
