import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { formatCount, formatNumber } from "@/state/format";
import { useTheme } from "@/state/theme";
import { type ArrayFacts, factsOfArray, type NumpyArray, type Picture, parseNpy, pictureOf } from "./npy";

/** An array as NumPy saves it: what it holds in words, as a picture or a curve, then the table of its rows. */
export function ArrayView({ bytes, children }: { bytes: ArrayBuffer; children: ReactNode }) {
  const array = useMemo(() => {
    try {
      return parseNpy(bytes);
    } catch (cause) {
      return cause instanceof Error ? cause.message : String(cause);
    }
  }, [bytes]);
  // What cannot be drawn, as texts are, may still be a table; what is no array says so there.
  return typeof array === "string" ? children : <Shown array={array}>{children}</Shown>;
}

function Shown({ array, children }: { array: NumpyArray; children: ReactNode }) {
  const facts = useMemo(() => factsOfArray(array.values), [array]);
  const picture = useMemo(() => pictureOf(array), [array]);
  const [layer, setLayer] = useState(0);
  const size = picture ? picture.rows * picture.columns * picture.channels : 0;
  const layers = picture && size > 0 ? Math.floor(array.values.length / size) : 0;
  return (
    <div className="flex h-full flex-col">
      <dl className="flex flex-wrap gap-x-5 gap-y-1 border-b border-line px-4 py-2 text-xs">
        <Fact name="Shape">({array.shape.join(", ")})</Fact>
        <Fact name="Type">{array.type}</Fact>
        <Fact name="Min">{formatNumber(facts.min)}</Fact>
        <Fact name="Mean">{formatNumber(facts.mean)}</Fact>
        <Fact name="Max">{formatNumber(facts.max)}</Fact>
        {facts.notFinite > 0 && <Fact name="Not finite">{formatCount(facts.notFinite)}</Fact>}
        {array.values.length < array.total && (
          <span className="text-warn">
            The first {formatCount(array.values.length)} of {formatCount(array.total)} elements
          </span>
        )}
      </dl>
      {picture && layers > 0 && (
        <>
          {layers > 1 && (
            <label className="flex items-center gap-3 border-b border-line px-4 py-2 text-xs text-ink-2">
              Layer <span className="num w-16">{`${layer + 1} of ${formatCount(layers)}`}</span>
              <input
                type="range"
                min={0}
                max={layers - 1}
                value={layer}
                onChange={(event) => setLayer(Number(event.target.value))}
                className="max-w-sm grow accent-accent"
              />
            </label>
          )}
          <Drawing array={array} picture={picture} layer={Math.min(layer, layers - 1)} facts={facts} />
        </>
      )}
      {array.shape.length === 1 && array.values.length > 1 && <Curve values={array.values} facts={facts} />}
      <div className="min-h-64 grow">{children}</div>
    </div>
  );
}

const Fact = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div className="flex gap-1.5">
    <dt className="text-ink-3">{name}</dt>
    <dd className="num">{children}</dd>
  </div>
);

/** Viridis in five colours, from dark to light (matplotlib, CC0). */
const scale = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
] as const;

interface DrawingProps {
  array: NumpyArray;
  picture: Picture;
  layer: number;
  facts: ArrayFacts;
}

function Drawing({ array, picture, layer, facts }: DrawingProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { rows, columns, channels } = picture;
  const tooLarge = rows * columns > 4_000_000;
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || tooLarge) return;
    const image = context.createImageData(columns, rows);
    const start = layer * rows * columns * channels;
    for (let at = 0; at < rows * columns; at++) {
      const colour =
        channels === 1
          ? colourAt((Number(array.values[start + at]) - facts.min) / (facts.max - facts.min || 1))
          : Array.from(array.values.subarray(start + at * channels, start + (at + 1) * channels));
      image.data.set([...colour, 255].slice(0, 4), at * 4);
    }
    context.putImageData(image, 0, 0);
  }, [array, rows, columns, channels, layer, facts, tooLarge]);
  if (tooLarge) return null;
  const zoom = Math.max(1, Math.min(12, Math.floor(420 / Math.max(rows, columns))));
  return (
    <div className="flex flex-wrap items-end gap-4 border-b border-line bg-sunken p-4">
      <canvas
        ref={canvas}
        width={columns}
        height={rows}
        role="img"
        aria-label={`The array as a picture of ${rows} by ${columns}`}
        className="max-h-[26rem] max-w-full rounded-sm [image-rendering:pixelated]"
        style={{ width: columns * zoom }}
      />
      {channels === 1 && (
        <div className="num text-2xs text-ink-2">
          <span
            className="mb-1 block h-2 w-36 rounded-sm"
            style={{
              background: `linear-gradient(to right, ${scale.map((one) => `rgb(${one.join(" ")})`).join(", ")})`,
            }}
          />
          <span className="flex justify-between">
            <span>{formatNumber(facts.min)}</span>
            <span>{formatNumber(facts.max)}</span>
          </span>
        </div>
      )}
    </div>
  );
}

function colourAt(share: number): number[] {
  if (!Number.isFinite(share)) return [128, 128, 128];
  const place = Math.max(0, Math.min(1, share)) * (scale.length - 1);
  const from = scale[Math.min(scale.length - 2, Math.floor(place))] ?? scale[0];
  const to = scale[Math.min(scale.length - 1, Math.floor(place) + 1)] ?? scale[0];
  const part = place - Math.min(scale.length - 2, Math.floor(place));
  return from.map((one, index) => Math.round(one + ((to[index] ?? one) - one) * part));
}

/** Least and greatest of each part of the array, so that no spike is lost. */
function Curve({ values, facts }: { values: Float64Array; facts: ArrayFacts }) {
  useTheme();
  const width = 600;
  const height = 120;
  const points = useMemo(() => {
    const parts = Math.min(values.length, width);
    const span = facts.max - facts.min || 1;
    return Array.from({ length: parts }, (_, part) => {
      const inside = values.subarray(
        Math.floor((part * values.length) / parts),
        Math.floor(((part + 1) * values.length) / parts),
      );
      const { min, max } = factsOfArray(inside);
      const y = (value: number) => (1 - (value - facts.min) / span) * (height - 8) + 4;
      const x = parts < 2 ? 0 : (part / (parts - 1)) * width;
      if (!Number.isFinite(min)) return "";
      return min === max ? `${x},${y(min)}` : `${x},${y(min)} ${x},${y(max)}`;
    }).join(" ");
  }, [values, facts]);
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label="The array as a curve"
      className="h-36 w-full shrink-0 border-b border-line px-4 py-2"
    >
      <polyline
        points={points}
        fill="none"
        stroke="var(--series-0)"
        strokeWidth="1.25"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
