import type { RunDetails, RunInfo } from "@/api/types";
import { shorten } from "@/state/format";

/** Something that a run came from or led to, and where it stands. */
export interface GraphNode {
  id: string;
  kind: "run" | "dataset" | "model" | "more";
  title: string;
  /** A second line, for example the digest of a dataset. */
  detail: string;
  /** The run that the node stands for. */
  run?: RunInfo;
  current?: boolean;
  x: number;
  y: number;
}

export interface GraphEdge {
  id: string;
  from: string;
  to: string;
  label?: string;
}

export interface Graph {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

type Placed = Omit<GraphNode, "x" | "y">;

export const nodeSize = { width: 208, height: 52 };
const gap = { x: 88, y: 16 };
const shownAtMost = 40;

/**
 * What a run came from at its left (runs it is nested in, datasets and models it read), what it led to at its right (models it made, runs nested in it).
 * Ancestors are given from the parent upwards; of very many neighbours only the first are drawn, and a node says how many are left.
 */
export function lineage(details: RunDetails, ancestors: readonly RunInfo[]): Graph {
  const { run, children } = details;
  const self = runNode(run.info, true);
  const edges: GraphEdge[] = [];
  const link = (from: string, to: string, label?: string) =>
    edges.push({ id: `${from} ${to} ${label ?? ""}`, from, to, ...(label ? { label } : {}) });

  const before: Placed[] = [];
  const after: Placed[] = [];
  for (const { dataset, tags } of run.inputs) {
    const id = `dataset ${dataset.name} ${dataset.digest}`;
    if (!before.some((node) => node.id === id))
      before.push({ id, kind: "dataset", title: dataset.name, detail: shorten(dataset.digest, 19) });
    link(id, self.id, tags.context);
  }
  for (const model of run.models) {
    const id = `model ${model.modelId}`;
    const side = model.direction === "output" ? after : before;
    if (!side.some((node) => node.id === id))
      side.push({ id, kind: "model", title: shorten(model.modelId, 20), detail: `step ${model.step}` });
    if (model.direction === "output") link(self.id, id);
    else link(id, self.id);
  }
  for (const child of children) after.push(runNode(child));
  const shownBefore = withinRoom(before, "more before");
  const shownAfter = withinRoom(after, "more after");
  for (const node of shownAfter) if (node.kind === "run" || node.kind === "more") link(self.id, node.id);
  if (shownBefore.some((node) => node.kind === "more")) link("more before", self.id);

  const chain = ancestors.map((one) => runNode(one));
  if (chain[0]) {
    shownBefore.unshift(chain[0]);
    link(chain[0].id, self.id);
  }
  const columns = [
    ...chain
      .slice(1)
      .reverse()
      .map((node) => [node]),
    ...(shownBefore.length > 0 ? [shownBefore] : []),
    [self],
    ...(shownAfter.length > 0 ? [shownAfter] : []),
  ];
  chain.slice(1).forEach((node, at) => {
    link(node.id, chain[at]?.id ?? self.id);
  });
  const drawn = new Set(columns.flat().map((node) => node.id));
  return { nodes: place(columns), edges: edges.filter(({ from, to }) => drawn.has(from) && drawn.has(to)) };
}

const runNode = (info: RunInfo, current = false): Placed => ({
  id: `run ${info.id}`,
  kind: "run",
  title: info.name,
  detail: info.status,
  run: info,
  current,
});

function withinRoom(nodes: Placed[], id: string): Placed[] {
  if (nodes.length <= shownAtMost) return nodes;
  const left = nodes.length - shownAtMost + 1;
  return [...nodes.slice(0, shownAtMost - 1), { id, kind: "more", title: `${left} more`, detail: "see the overview" }];
}

/** Columns from left to right, each around the middle. */
const place = (columns: Placed[][]): GraphNode[] =>
  columns.flatMap((nodes, column) =>
    nodes.map((node, row) => ({
      ...node,
      x: column * (nodeSize.width + gap.x),
      y: (row - (nodes.length - 1) / 2) * (nodeSize.height + gap.y),
    })),
  );
