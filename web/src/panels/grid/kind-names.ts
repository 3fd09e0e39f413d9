import {
  AlignHorizontalDistributeCenter,
  ChartBarBig,
  ChartCandlestick,
  ChartColumn,
  ChartLine,
  ChartScatter,
  Grid3x3,
  Images,
  ListOrdered,
  NotebookText,
  Table2,
} from "lucide-react";
import type { ComponentType } from "react";
import type { PanelKind } from "@/panels/prepare/kinds";

/** The kinds of panels that can be added, as people call them. */
export const kindNames: readonly { kind: PanelKind; name: string; sign: ComponentType }[] = [
  { kind: "line", name: "Curves", sign: ChartLine },
  { kind: "scatter", name: "Scatter", sign: ChartScatter },
  { kind: "bar", name: "Bars", sign: ChartBarBig },
  { kind: "box", name: "Boxes or violins", sign: ChartCandlestick },
  { kind: "histogram", name: "Histogram", sign: ChartColumn },
  { kind: "parallel", name: "Parallel coordinates", sign: AlignHorizontalDistributeCenter },
  { kind: "heat", name: "Heat map or contour", sign: Grid3x3 },
  { kind: "importance", name: "Importance of params", sign: ListOrdered },
  { kind: "matrix", name: "Params and metrics", sign: Table2 },
  { kind: "media", name: "Media by step", sign: Images },
  { kind: "markdown", name: "Note", sign: NotebookText },
];
