import "@xyflow/react/dist/style.css";
import { Link } from "@tanstack/react-router";
import { Background, Controls, Handle, MarkerType, type NodeProps, Position, ReactFlow } from "@xyflow/react";
import { Box, Database, Ellipsis } from "lucide-react";
import { useMemo } from "react";
import { useAncestors } from "@/api/ancestors";
import type { RunDetails } from "@/api/types";
import { useTheme } from "@/state/theme";
import { cx } from "@/ui/classes";
import { EmptyState } from "@/ui/state-views";
import { Status } from "@/ui/status";
import { type GraphNode, lineage, nodeSize } from "./graph";

/** Where a run came from and what it led to, as a graph that can be moved and zoomed. */
export function LineageTab({ details }: { details: RunDetails }) {
  const theme = useTheme();
  const ancestors = useAncestors(details.run.info.parentId);
  const graph = useMemo(() => lineage(details, ancestors.data ?? []), [details, ancestors.data]);
  const nodes = useMemo(
    () =>
      graph.nodes.map((node) => ({
        id: node.id,
        type: "thing",
        position: { x: node.x, y: node.y },
        data: { node },
        ...nodeSize,
      })),
    [graph],
  );
  const edges = useMemo(
    () =>
      graph.edges.map(({ id, from, to, label }) => ({
        id,
        source: from,
        target: to,
        label,
        markerEnd: { type: MarkerType.ArrowClosed },
        focusable: false,
      })),
    [graph],
  );
  if (graph.nodes.length === 1)
    return (
      <EmptyState title="This run stands alone" className="py-20">
        Datasets it reads, models it makes and runs nested in it appear here as soon as they are logged.
      </EmptyState>
    );
  return (
    <section aria-label="Lineage" className="h-[calc(100dvh-3rem-9.25rem)] min-h-[24rem]">
      <ReactFlow
        key={nodes.length}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        colorMode={theme}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        elementsSelectable={false}
        minZoom={0.2}
        fitView
        fitViewOptions={{ maxZoom: 1, padding: 0.15 }}
        proOptions={{ hideAttribution: true }}
      >
        <Background gap={24} size={1} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </section>
  );
}

const nodeTypes = { thing: Thing };
const signs = { dataset: Database, model: Box, more: Ellipsis };

function Thing({ data }: NodeProps) {
  const node = data.node as GraphNode;
  const Sign = node.kind === "run" ? undefined : signs[node.kind];
  return (
    <div
      className={cx(
        "pointer-events-auto relative flex h-full w-full items-center gap-2.5 rounded-md border bg-surface px-3 text-left",
        node.current ? "border-accent" : "border-line-strong",
        node.run && !node.current && "hover:border-accent",
      )}
    >
      <Handle type="target" position={Position.Left} className="invisible" />
      {Sign && <Sign aria-hidden="true" className="size-4 shrink-0 text-ink-3" />}
      <div className="min-w-0 grow">
        <p className="truncate text-sm font-medium" title={node.title}>
          {node.run && !node.current ? (
            <Link
              to="/runs/$runId"
              params={{ runId: node.run.id }}
              search={{ tab: "lineage" }}
              className="nodrag nopan rounded-sm after:absolute after:inset-0"
            >
              {node.title}
            </Link>
          ) : (
            node.title
          )}
        </p>
        {node.run ? (
          <Status status={node.run.status} className="text-xs" />
        ) : (
          <p className="truncate text-xs text-ink-3">{node.detail}</p>
        )}
      </div>
      <Handle type="source" position={Position.Right} className="invisible" />
    </div>
  );
}
