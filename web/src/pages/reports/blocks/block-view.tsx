import { memo, useMemo } from "react";
import { failureOf } from "@/api/queries";
import type { Block, ChartBlock, TableBlock } from "./block";
import { ChartView } from "./chart-view";
import { Fault, Waiting } from "./frame";
import { ImageView, MetricView, RunView } from "./run-views";
import { useSavedView, withView } from "./saved-view";
import { TableView } from "./table-view";

/** A block as what it shows now. */
export const BlockView = memo(function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case "chart":
    case "table":
      return block.view === undefined ? <RunsView block={block} /> : <OfView block={block} />;
    case "run":
      return <RunView block={block} />;
    case "image":
      return <ImageView block={block} />;
    case "metric":
      return <MetricView block={block} />;
  }
});

const RunsView = ({ block }: { block: ChartBlock | TableBlock }) =>
  block.kind === "chart" ? <ChartView block={block} /> : <TableView block={block} />;

function OfView({ block }: { block: ChartBlock | TableBlock }) {
  const view = useSavedView(block);
  const seen = useMemo(() => withView(block, view.data), [block, view.data]);
  const failure = failureOf(view);
  if (failure) return <Fault what={`The saved view ${block.view} could not be read. ${failure.message}`} />;
  return view.data ? <RunsView block={seen} /> : <Waiting height={200} />;
}
