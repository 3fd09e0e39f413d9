import { useMemo, useState } from "react";
import { failureOf } from "@/api/queries";
import { ChartCard } from "@/charts/draw/chart-card";
import { styleRuns } from "@/charts/prepare/colours";
import { decodeSmoothing } from "@/charts/prepare/smooth";
import { formatCount } from "@/state/format";
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
  const styles = useMemo(() => styleRuns(runs.map((run) => run.id)), [runs]);
  const settings = useMemo(
    () => ({ axis: block.axis, smoothing: decodeSmoothing(block.smooth), log: block.log, range: zoom }),
    [block, zoom],
  );
  const failure = failureOf(chosen);
  if (failure) return <Fault what={`The chart could not be read. ${failure.message}`} />;
  if (!chosen.data) return <Waiting height={270} />;
  if (runs.length === 0) return <Fault what="No run matches, so there is nothing to draw" />;
  const { total, exact } = chosen.data;
  return (
    <Frame
      caption={
        runs.length < total ? `First ${runs.length} of ${formatCount(total)}${exact ? "" : "+"} runs` : undefined
      }
    >
      <div className={cx("grid gap-3", block.keys.length > 1 && "sm:grid-cols-2")}>
        {block.keys.map((key) => (
          <ChartCard
            key={key}
            metric={key}
            title={key}
            runs={runs}
            styles={styles}
            settings={settings}
            single={false}
            onZoom={setZoom}
          />
        ))}
      </div>
    </Frame>
  );
}
