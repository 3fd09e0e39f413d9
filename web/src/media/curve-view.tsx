import { useState } from "react";
import { formatCount, formatNumber } from "@/state/format";
import { nearest } from "./measures";
import type { RateCurve } from "./shapes";

const colour = (at: number) => `var(--series-${at % 12})`;

/** Receiver operating characteristic, or precision against recall: the curves with their areas, and the threshold under the pointer. */
export function CurveView({
  type,
  title,
  curves,
}: {
  type: "roc" | "pr";
  title: string;
  curves: readonly RateCurve[];
}) {
  const [place, setPlace] = useState<{ curve: number; at: number }>();
  const [xName, yName, areaName] =
    type === "roc" ? ["False positive rate", "True positive rate", "AUC"] : ["Recall", "Precision", "AP"];
  const curve = place && curves[place.curve];
  const point = curve && place ? { x: curve.x[place.at] ?? 0, y: curve.y[place.at] ?? 0 } : undefined;
  return (
    <div className="@container px-4 py-3">
      <div className="grid gap-x-5 gap-y-2 @sm:grid-cols-[15rem_minmax(0,1fr)]">
        <div className="grid w-60 max-w-full grid-cols-[auto_minmax(0,1fr)] gap-x-2 self-start">
          <span aria-hidden="true" className="text-2xs text-ink-3 [writing-mode:vertical-rl] rotate-180 self-center">
            {yName}
          </span>
          <svg
            viewBox="-2 -2 104 104"
            role="img"
            aria-label={`${title}: ${curves.map((one) => `${one.label} ${areaName} ${one.area === undefined ? "unknown" : formatNumber(one.area, 4)}`).join(", ")}`}
            className="aspect-square w-full"
            onMouseMove={({ nativeEvent, currentTarget }) => {
              const x = (nativeEvent.offsetX / currentTarget.clientWidth) * 1.04 - 0.02;
              const y = 1.02 - (nativeEvent.offsetY / currentTarget.clientHeight) * 1.04;
              setPlace(nearest(curves, x, y));
            }}
            onMouseLeave={() => setPlace(undefined)}
          >
            {[0, 25, 50, 75, 100].map((at) => (
              <path key={at} d={`M0 ${at}H100M${at} 0V100`} stroke="var(--line)" strokeWidth="0.4" fill="none" />
            ))}
            {type === "roc" && (
              <path d="M0 100L100 0" stroke="var(--line-strong)" strokeWidth="0.6" strokeDasharray="2 2" />
            )}
            {curves.map((one, at) => (
              <polyline
                // biome-ignore lint/suspicious/noArrayIndexKey: two curves may have one name
                key={at}
                points={one.x.map((x, index) => `${x * 100},${100 - (one.y[index] ?? 0) * 100}`).join(" ")}
                fill="none"
                stroke={colour(at)}
                strokeWidth={place?.curve === at ? 1.2 : 0.7}
                strokeLinejoin="round"
              />
            ))}
            {point && place && (
              <circle cx={point.x * 100} cy={100 - point.y * 100} r="1.6" fill={colour(place.curve)} />
            )}
          </svg>
          <span />
          <span aria-hidden="true" className="flex justify-between text-2xs text-ink-3">
            <span>0</span>
            <span>{xName}</span>
            <span>1</span>
          </span>
        </div>
        <div className="min-w-40 grow text-xs">
          <ul className="space-y-1">
            {curves.map((one, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two curves may have one name
              <li key={at} className="flex items-center gap-2">
                <span aria-hidden="true" className="h-0.5 w-4 shrink-0" style={{ background: colour(at) }} />
                <span className="min-w-0 grow truncate">{one.label}</span>
                <span className="num text-ink-2">
                  {areaName}{" "}
                  <b className="font-semibold text-ink">{one.area === undefined ? "–" : formatNumber(one.area, 4)}</b>
                </span>
              </li>
            ))}
          </ul>
          {curves.some((one) => one.positives !== undefined) && (
            <p className="num mt-2 text-ink-3">
              {curves
                .slice(0, 1)
                .map(
                  (one) => `${formatCount(one.positives ?? 0)} positives, ${formatCount(one.negatives ?? 0)} negatives`,
                )}
            </p>
          )}
          <p className="num mt-3 min-h-10 text-ink-2">
            {curve && point && place
              ? `${curve.label}: ${xName?.toLowerCase()} ${formatNumber(point.x, 4)}, ${yName?.toLowerCase()} ${formatNumber(point.y, 4)}${thresholdText(curve.thresholds[place.at])}`
              : ""}
          </p>
        </div>
      </div>
    </div>
  );
}

const thresholdText = (threshold: number | undefined) =>
  threshold === undefined ? "" : `, threshold ${formatNumber(threshold)}`;
