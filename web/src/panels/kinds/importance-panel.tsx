import { failureOf } from "@/api/queries";
import { PanelMessage } from "@/panels/message";
import { type PanelProps, usePanelPage } from "@/panels/page-context";
import { plain } from "@/panels/prepare/outline";
import { useImportance } from "@/panels/queries";
import { formatCount, formatNumber, plural } from "@/state/format";
import { Skeleton } from "@/ui/state-views";
import { Foot, footHeight, tableCsv } from "./run-wise";

/** Which params a metric depends on: what a forest loses without each, and how each goes together with the metric by itself. */
export default function ImportancePanel({ settings, height, exports }: PanelProps<"importance">) {
  const { source } = usePanelPage();
  const metric = settings.value ?? "";
  const answer = useImportance(source, metric);
  const failure = failureOf(answer);
  if (metric === "") return <PanelMessage text="Choose a metric in the settings" height={height} />;
  if (failure) return <PanelMessage text={`Could not be computed. ${failure.message}`} height={height} bad />;
  if (!answer.data) return <Skeleton className="mx-3 h-[calc(100%-1rem)]" />;
  const { params, runs, complete, explained } = answer.data;
  if (params.length === 0 || runs < 10)
    return <PanelMessage text={`${plural(runs, "run")} with a value: at least 10 are needed`} height={height} />;
  exports.current = {
    csv: () =>
      tableCsv(
        ["param", "importance", "spearman", "runs"],
        params.map((one) => [one.key, one.importance, one.correlation ?? "", one.runs]),
      ),
  };
  const most = Math.max(...params.map(({ importance }) => importance), Number.MIN_VALUE);
  const note = `${complete ? "All" : "Newest"} ${formatCount(runs)} runs; params explain ${formatNumber(explained * 100, 3)} %`;
  return (
    <>
      <div style={{ height: height - footHeight }} className="overflow-y-auto px-3">
        <table className="w-full border-collapse text-xs">
          <thead className="sticky top-0 z-10 bg-surface text-2xs text-ink-3">
            <tr>
              <th className="h-6 text-left font-medium">Param</th>
              <th className="w-[38%] text-left font-medium">Importance</th>
              <th className="w-[26%] text-left font-medium" title={`Spearman's rank correlation with ${plain(metric)}`}>
                Correlation
              </th>
            </tr>
          </thead>
          <tbody>
            {params.map((one) => (
              <tr key={one.key} className="h-6">
                <td className="max-w-0 truncate pr-2 text-ink-2" title={`${one.key}, ${plural(one.runs, "run")}`}>
                  {one.key}
                </td>
                <td title={String(one.importance)}>
                  <span className="flex items-center gap-2">
                    <span aria-hidden="true" className="relative h-2 min-w-0 grow rounded-xs bg-sunken">
                      <span
                        className="absolute inset-y-0 left-0 rounded-xs bg-accent"
                        style={{ width: `${(one.importance / most) * 100}%` }}
                      />
                    </span>
                    <span className="num w-11 shrink-0 whitespace-nowrap pr-2 text-right font-medium">
                      {(one.importance * 100).toFixed(0)} %
                    </span>
                  </span>
                </td>
                <td title={one.correlation === undefined ? "Not numbers" : String(one.correlation)}>
                  {one.correlation !== undefined && (
                    <span className="flex items-center gap-2">
                      <Signed value={one.correlation} />
                      <span className="num w-9 shrink-0 text-right">
                        {one.correlation
                          .toFixed(2)
                          .replace(/^-?0\.00$/, "0")
                          .replace("-", "−")}
                      </span>
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Foot>
        <span className="truncate" title={note}>
          {note}
        </span>
      </Foot>
    </>
  );
}

/** A bar to the right of the middle for what rises with the metric, to the left for what falls. */
const Signed = ({ value }: { value: number }) => (
  <span aria-hidden="true" className="relative h-2 min-w-0 grow rounded-xs bg-sunken">
    <span className="absolute inset-y-[-1px] left-1/2 w-px bg-line-strong" />
    <span
      className="absolute inset-y-0 rounded-xs"
      style={{
        left: `${value < 0 ? 50 + value * 50 : 50}%`,
        width: `${Math.abs(value) * 50}%`,
        background: value < 0 ? "var(--series-1)" : "var(--series-0)",
      }}
    />
  </span>
);
