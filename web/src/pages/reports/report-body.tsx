import { useMemo, useRef } from "react";
import { RenderedTokens } from "@/ui/markdown-rendered";
import { EmptyState } from "@/ui/state-views";
import { BlockView } from "./blocks/block-view";
import { Fault } from "./blocks/frame";
import { type Piece, piecesOf } from "./blocks/pieces";

/** A report as it is read. While it is being written, blocks that stay the same keep what they show. */
export function ReportBody({ body }: { body: string }) {
  const pieces = useStable(useMemo(() => piecesOf(body), [body]));
  if (pieces.length === 0) return <EmptyState title="Nothing is written yet" />;
  return (
    <div className="text-base">
      {pieces.map((piece, index) => {
        const key = `${index}`;
        if (piece.kind === "text") return <RenderedTokens key={key} tokens={piece.tokens} />;
        if (piece.kind === "fault") return <Fault key={key} what={piece.message} source={piece.source} />;
        return <BlockView key={`${key} ${piece.block.kind}`} block={piece.block} />;
      })}
    </div>
  );
}

/** The same objects for blocks whose source did not change, so that they do not read again with every letter typed. */
function useStable(pieces: Piece[]): Piece[] {
  const before = useRef(new Map<string, Piece>());
  const now = new Map<string, Piece>();
  const stable = pieces.map((piece) => {
    if (piece.kind !== "block") return piece;
    const kept = now.get(piece.source) ?? before.current.get(piece.source) ?? piece;
    now.set(piece.source, kept);
    return kept;
  });
  before.current = now;
  return stable;
}
