import { useMemo, useState } from "react";
import { formatCount, formatNumber, plural } from "@/state/format";
import { cx } from "@/ui/classes";
import { Choice } from "@/ui/fields";
import { measure, type Share, sharesOf } from "./measures";
import { MediaTableView } from "./media-table";
import type { Confusion } from "./shapes";

const cellsUpTo = 24;

/** What was taken for what: counts or shares, the measures of each class, and the rows behind a cell when they were logged. */
export function ConfusionView({ runId, title, matrix }: { runId: string; title: string; matrix: Confusion }) {
  const [share, setShare] = useState<Share>("counts");
  const [cell, setCell] = useState<readonly [number, number]>();
  const measures = useMemo(() => measure(matrix), [matrix]);
  const shares = useMemo(() => sharesOf(matrix, share), [matrix, share]);
  const weights = useMemo(() => (share === "counts" ? sharesOf(matrix, "actual") : shares), [matrix, share, shares]);
  const { labels, rows } = matrix;
  const size = labels.length;
  const text = (value: number) =>
    Number.isNaN(value) ? "–" : share === "counts" ? formatNumber(value, 4) : `${(value * 100).toFixed(1)} %`;
  const behind = cell && rows ? rowsOf(matrix, cell) : undefined;
  return (
    <div className="px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Choice
          label="Cells are"
          value={share}
          onChange={setShare}
          options={[
            ["counts", "Counts"],
            ["actual", "Share of actual"],
            ["predicted", "Share of predicted"],
          ]}
        />
        <span className="num text-xs text-ink-2">
          accuracy <b className="font-semibold text-ink">{percent(measures.accuracy)}</b> of{" "}
          {formatNumber(measures.total)}
        </span>
      </div>
      {size <= cellsUpTo ? (
        <section
          tabIndex={0}
          aria-label={`Confusion matrix ${title}`}
          className="mt-3 max-h-[32rem] overflow-auto -outline-offset-2"
        >
          <table className="num border-separate border-spacing-px text-xs">
            <thead>
              <tr>
                <td className="pr-3 text-right text-2xs text-ink-3">actual ↓ predicted →</td>
                {labels.map((label, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a class belongs to its place
                  <th key={at} className="max-w-20 truncate px-1 pb-1 font-medium text-ink-2" title={label}>
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shares.map((row, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a class belongs to its place
                <tr key={i}>
                  <th className="max-w-32 truncate pr-3 text-right font-medium text-ink-2" title={labels[i]}>
                    {labels[i]}
                  </th>
                  {row.map((value, j) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a class belongs to its place
                    <td key={j} className="p-0">
                      <Cell
                        label={`${labels[i]} taken for ${labels[j]}: ${text(value)}`}
                        weight={weights[i]?.[j] ?? 0}
                        hit={i === j}
                        chosen={cell?.[0] === i && cell[1] === j}
                        onChoose={rows && (() => setCell([i, j]))}
                      >
                        {text(value)}
                      </Cell>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : (
        <LargeMatrix title={title} labels={labels} weights={weights} />
      )}
      {rows && (
        <p className="mt-2 text-xs text-ink-3">
          {behind && cell
            ? `${plural(behind.rows.length, "logged row")} of ${labels[cell[0]]} taken for ${labels[cell[1]]}`
            : "Choose a cell to see the rows behind it."}
        </p>
      )}
      {behind && behind.rows.length > 0 && (
        <div
          className="mt-2 max-h-64 overflow-hidden rounded-md border border-line"
          style={{ height: 84 + 72 * behind.rows.length }}
        >
          <MediaTableView runId={runId} title="Rows behind the cell" table={behind} />
        </div>
      )}
      <Classes measures={measures} />
    </div>
  );
}

const percent = (value: number) => (Number.isNaN(value) ? "–" : `${(value * 100).toFixed(1)} %`);

function rowsOf({ rows }: Confusion, [actual, predicted]: readonly [number, number]) {
  if (!rows) return undefined;
  return {
    columns: rows.columns,
    rows: rows.rows.filter((_, at) => rows.actual[at] === actual && rows.predicted[at] === predicted),
  };
}

interface CellProps {
  label: string;
  weight: number;
  hit: boolean;
  chosen: boolean;
  onChoose: (() => void) | undefined;
  children: string;
}

function Cell({ label, weight, hit, chosen, onChoose, children }: CellProps) {
  const Part = onChoose ? "button" : "div";
  return (
    <Part
      {...(onChoose ? { type: "button", onClick: onChoose, "aria-pressed": chosen, "aria-label": label } : {})}
      title={label}
      className={cx(
        "grid h-8 w-full min-w-14 place-items-center rounded-sm px-1",
        onChoose && "hover:outline hover:outline-accent",
        chosen && "outline-2 outline-accent",
      )}
      style={{
        background: `color-mix(in srgb, var(${hit ? "--ok" : "--bad"}) ${Math.round((weight || 0) * 45)}%, var(--sunken))`,
      }}
    >
      {children}
    </Part>
  );
}

/** So many classes that numbers have no room. */
const LargeMatrix = ({ title, labels, weights }: { title: string; labels: string[]; weights: number[][] }) => (
  <svg
    viewBox={`0 0 ${labels.length} ${labels.length}`}
    role="img"
    aria-label={`Confusion matrix ${title} of ${labels.length} classes`}
    className="mt-3 aspect-square w-full max-w-xl rounded-sm bg-sunken"
    shapeRendering="crispEdges"
  >
    {weights.map((row, i) =>
      row.map((weight, j) =>
        weight > 0 ? (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a class belongs to its place
            key={`${i} ${j}`}
            x={j}
            y={i}
            width={1}
            height={1}
            fill={`var(${i === j ? "--ok" : "--bad"})`}
            opacity={Math.sqrt(weight)}
          >
            <title>{`${labels[i]} taken for ${labels[j]}: ${percent(weight)}`}</title>
          </rect>
        ) : null,
      ),
    )}
  </svg>
);

const Classes = ({ measures }: { measures: ReturnType<typeof measure> }) => (
  <details className="mt-3 text-xs">
    <summary className="text-ink-2 hover:text-ink">Measures of each class</summary>
    <table className="num mt-2 w-full max-w-2xl">
      <thead className="text-ink-3">
        <tr className="text-right">
          <th className="text-left font-medium">Class</th>
          {["Actual", "Predicted", "Recall", "Precision", "F1"].map((name) => (
            <th key={name} className="px-2 font-medium">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {measures.classes.map((one, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a class belongs to its place
          <tr key={at} className="border-t border-line/70 text-right">
            <td className="max-w-40 truncate py-1 text-left">{one.label}</td>
            <td className="px-2">{formatCount(one.actual)}</td>
            <td className="px-2">{formatCount(one.predicted)}</td>
            <td className="px-2">{percent(one.recall)}</td>
            <td className="px-2">{percent(one.precision)}</td>
            <td className="px-2">{percent(one.f1)}</td>
          </tr>
        ))}
        <tr className="border-t border-line text-right font-medium">
          <td className="py-1 text-left">Mean</td>
          <td colSpan={2} />
          <td className="px-2">{percent(measures.macro.recall)}</td>
          <td className="px-2">{percent(measures.macro.precision)}</td>
          <td className="px-2">{percent(measures.macro.f1)}</td>
        </tr>
      </tbody>
    </table>
  </details>
);
