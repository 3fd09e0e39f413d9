import { ChartLine, NotebookText } from "lucide-react";
import type { ComponentType } from "react";
import type { PanelKind } from "@/panels/prepare/kinds";

/** The kinds of panels that can be added, as people call them. */
export const kindNames: readonly { kind: PanelKind; name: string; sign: ComponentType }[] = [
  { kind: "line", name: "Curves", sign: ChartLine },
  { kind: "markdown", name: "Note", sign: NotebookText },
];
