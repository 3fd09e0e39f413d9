import { formatNumber } from "@/state/format";
import type { Curve } from "@/table/curves";
import { Skeleton } from "@/ui/state-views";

/** The course of a metric, from its first to its last point, without axes. */
export function CurveCell({
  curve,
  colour,
  digits,
}: {
  curve: Curve | null | undefined;
  colour: string;
  digits: number;
}) {
  if (curve === undefined) return <Skeleton className="mx-3 h-3 w-4/5" />;
  if (curve === null)
    return (
      <span aria-hidden="true" className="w-full px-3 text-line-strong">
        –
      </span>
    );
  const { first, last, points } = curve;
  const label = `${points} points, from ${formatNumber(first, digits)} to ${formatNumber(last, digits)}`;
  return (
    <span className="size-full px-3 py-1.5" title={label}>
      <svg
        viewBox="0 0 100 100"
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
        className="size-full overflow-visible"
      >
        <path d={curve.path} fill="none" stroke={colour} strokeWidth="1.5" vectorEffect="non-scaling-stroke" />
      </svg>
    </span>
  );
}
