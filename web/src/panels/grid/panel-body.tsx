import { Component, type ComponentType, lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { LinePanel } from "@/panels/line/line-panel";
import { PanelMessage } from "@/panels/message";
import type { PanelProps } from "@/panels/page-context";
import type { PanelKind } from "@/panels/prepare/kinds";
import { Skeleton } from "@/ui/state-views";

/** Everything but curves is loaded when a panel of it comes near the screen. */
const bodies: { [K in PanelKind]: ComponentType<PanelProps<K>> } = {
  line: LinePanel,
  scatter: lazy(() => import("@/panels/kinds/scatter-panel")),
  bar: lazy(() => import("@/panels/kinds/spread-panel")),
  box: lazy(() => import("@/panels/kinds/spread-panel")),
  histogram: lazy(() => import("@/panels/kinds/spread-panel")),
  parallel: lazy(() => import("@/panels/kinds/parallel-panel")),
  heat: lazy(() => import("@/panels/kinds/heat-panel")),
  importance: lazy(() => import("@/panels/kinds/importance-panel")),
  matrix: lazy(() => import("@/panels/kinds/matrix-panel")),
  media: lazy(() => import("@/panels/kinds/media-panel")),
  markdown: lazy(() => import("@/panels/kinds/markdown-panel")),
};

/** What a panel shows. While somebody scrolls past, nothing is asked for. */
export function PanelBody(props: PanelProps) {
  const rested = useRested(80);
  const Body = bodies[props.settings.kind] as ComponentType<PanelProps>;
  const waiting = <Skeleton className="mx-3 h-[calc(100%-1rem)]" />;
  if (!rested) return waiting;
  return (
    <Guard height={props.height}>
      <Suspense fallback={waiting}>
        <Body {...props} />
      </Suspense>
    </Guard>
  );
}

function useRested(milliseconds: number): boolean {
  const [rested, setRested] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setRested(true), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds]);
  return rested;
}

/** One panel that breaks leaves the others as they are. */
class Guard extends Component<{ height: number; children: ReactNode }, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    return error ? (
      <PanelMessage text={`This panel cannot be drawn. ${error.message}`} height={this.props.height} bad />
    ) : (
      this.props.children
    );
  }
}
