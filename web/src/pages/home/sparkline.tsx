import { formatNumber } from "@/state/format";

const width = 96;
const height = 22;

/** Values in a row as a small curve with its last one as a number; values that are not finite leave a gap. */
export function Sparkline({ values, name }: { values: readonly number[]; name: string }) {
  const finite = values.filter(Number.isFinite);
  const last = values[values.length - 1];
  if (finite.length === 0 || last === undefined) return null;
  const least = Math.min(...finite);
  const span = Math.max(...finite) - least || 1;
  const x = (at: number) => (values.length < 2 ? width / 2 : 2 + (at / (values.length - 1)) * (width - 4));
  const y = (value: number) => height - 3 - ((value - least) / span) * (height - 6);
  const parts = values.reduce<string[][]>(
    (all, value, at) => {
      if (Number.isFinite(value)) all[all.length - 1]?.push(`${x(at)},${y(value)}`);
      else if (all[all.length - 1]?.length) all.push([]);
      return all;
    },
    [[]],
  );
  return (
    <span className="flex items-center gap-2" title={`${name} of the last ${values.length} runs`}>
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={`${name} of the last ${values.length} runs, the newest ${formatNumber(last)}`}
        className="shrink-0"
      >
        {parts.map((points) => (
          <polyline
            key={points[0]}
            points={points.join(" ")}
            fill="none"
            stroke="var(--series-0)"
            strokeWidth="1.25"
            strokeLinejoin="round"
          />
        ))}
        {Number.isFinite(last) && <circle cx={x(values.length - 1)} cy={y(last)} r="1.75" fill="var(--series-0)" />}
      </svg>
      <span className="num w-16 truncate text-right">{formatNumber(last, 4)}</span>
    </span>
  );
}
