import { memo } from "react";
import type { Block } from "./block";
import { ChartView } from "./chart-view";
import { ImageView, MetricView, RunView } from "./run-views";
import { TableView } from "./table-view";

/** A block as what it shows now. */
export const BlockView = memo(function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case "chart":
      return <ChartView block={block} />;
    case "table":
      return <TableView block={block} />;
    case "run":
      return <RunView block={block} />;
    case "image":
      return <ImageView block={block} />;
    case "metric":
      return <MetricView block={block} />;
  }
});
