import { useMemo, useState } from "react";
import { failureOf } from "@/api/queries";
import { chartSettings } from "@/charts/draw/chart-settings";
import { LineFigures } from "@/panels/line/line-figure";
import type { RunSource } from "@/panels/source";
import { cx } from "@/ui/classes";
import type { ChartBlock } from "./block";
import { Fault, Frame, Waiting } from "./frame";
import { useChosen } from "./use-chosen";

const mostCurves = 50;

export function ChartView({ block }: { block: ChartBlock }) {
  const [zoom, setZoom] = useState(block.zoom);
  const chosen = useChosen(block, mostCurves);
  const runs = useMemo(
    () => (chosen.data?.rows ?? []).map(({ info }) => ({ id: info.id, name: info.name })),
    [chosen.data],
  );
  const settings = useMemo(() => ({ ...chartSettings(block.look), range: zoom }), [block.look, zoom]);
  const { total = 0, exact = true } = chosen.data ?? {};
  const source = useMemo(
    (): RunSource =>
      block.runs.length > 0
        ? { kind: "runs", ids: block.runs, groupBy: block.groupBy }
        : {
            kind: "search",
            search: {
              experimentIds: block.experiment ? [block.experiment] : [],
              filter: block.filter ?? "",
              orderBy: block.orderBy,
              lifecycle: "active",
            },
            count: total,
            exact,
            groupBy: block.groupBy,
          },
    [block, total, exact],
  );
  const failure = failureOf(chosen);
  if (failure) return <Fault what={`The chart could not be read. ${failure.message}`} />;
  if (!chosen.data) return <Waiting height={270} />;
  if (runs.length === 0) return <Fault what="No run matches, so there is nothing to draw" />;
  return (
    <Frame>
      <div className={cx("grid gap-3", block.keys.length > 1 && "sm:grid-cols-2")}>
        <LineFigures keys={block.keys} source={source} runs={runs} settings={settings} onZoom={setZoom} />
      </div>
    </Frame>
  );
}
