import { RunName } from "@/charts/draw/run-name";
import { colourVariable, type RunStyle } from "@/charts/prepare/colours";
import { type Curves, nearest } from "@/charts/prepare/curves";
import { splitNames } from "@/charts/prepare/names";
import { formatCount, formatNumber, plural } from "@/state/format";
import { cx } from "@/ui/classes";

interface LegendProps {
  curves: Curves;
  names: ReadonlyMap<string, string>;
  styles: ReadonlyMap<string, RunStyle>;
  full: boolean;
  width: number;
  height: number;
  /** The place of `curves.x` whose values are shown instead of the last ones. */
  cursor: number | undefined;
  /** What of all the picture shows. */
  shown: string | undefined;
  /** The vertical range leaves something out. */
  yCut: boolean;
  /** Metrics for which the panel has no room. */
  omitted: number;
}

const leastSmall = 3;
/** Pixels that a short name with its value takes. */
const roomOfOne = 130;
const mostLarge = 60;

/** Values at the cursor, or the last ones, and what the picture leaves out. */
export function Legend({ curves, names, styles, full, width, height, cursor, shown, yCut, omitted }: LegendProps) {
  const strong = curves.runIds.filter((id) => !styles.get(id)?.faint);
  const mostSmall = Math.max(leastSmall, Math.floor(width / roomOfOne));
  const some = full ? strong.slice(0, mostLarge) : strong.length <= mostSmall ? strong : [];
  const parts = splitNames(some.map((id) => names.get(id) ?? id));
  const remarks = [
    shown,
    omitted > 0 && `${formatCount(omitted)} more metrics match`,
    curves.notFinite > 0 && `${formatCount(curves.notFinite)} NaN or infinite`,
    curves.notPositive > 0 && `${formatCount(curves.notPositive)} not above 0`,
    yCut && "range cut",
    !shown && curves.bucketed && (curves.bands.length > 0 ? "band: min to max" : "mean of each bucket"),
  ].filter((remark): remark is string => typeof remark === "string");
  // The name says nothing where there is one run, or one group of which the remark says what it is of.
  const alone =
    some.length === 1 && (curves.runIds.length === 1 ? names.size === 1 : strong.length === 1 && shown !== undefined);
  return (
    <div
      style={{ height }}
      className={
        full
          ? "flex flex-wrap content-start gap-x-4 gap-y-1 overflow-auto px-3 pt-2 text-xs"
          : "flex items-center gap-3 overflow-hidden px-3 text-2xs"
      }
    >
      {some.map((id) => {
        const name = names.get(id) ?? id;
        return (
          <span key={id} className={cx("flex items-center gap-1.5 text-ink-2", !full && "min-w-0")} title={name}>
            <span
              aria-hidden="true"
              className="h-0.5 w-3 shrink-0 rounded-full"
              style={{ background: colourVariable(styles.get(id)) }}
            />
            {!alone && (
              <span className={full ? "max-w-52" : "min-w-0"}>
                <RunName name={name} parts={parts.get(name)} />
              </span>
            )}
            <span className="num shrink-0 font-medium text-ink">{valueAt(curves, id, cursor)}</span>
          </span>
        );
      })}
      {strong.length > some.length && !shown && (
        <span className="num shrink-0 text-ink-3">
          {plural(strong.length - (full ? some.length : 0), full ? "more curve" : "curve")}
        </span>
      )}
      {remarks.length > 0 && (
        <span
          className={cx(
            "ml-auto truncate text-ink-3",
            !full && some.length > 1 ? "min-w-8 shrink-[100000]" : "min-w-0",
          )}
          title={`${remarks.join(", ")}; ${plural(curves.points, "point")}`}
        >
          {full ? remarks.join(" · ") : remarks[0]}
        </span>
      )}
    </div>
  );
}

function valueAt(curves: Curves, id: string, cursor: number | undefined): string {
  const index = curves.columns.findIndex((column) => column.runId === id && column.role === "line");
  const column = curves.values[index];
  const value =
    cursor === undefined ? column?.findLast((cell) => cell !== undefined) : column && nearest(column, cursor)?.value;
  return value === undefined ? "" : value === null ? "NaN" : formatNumber(value);
}
