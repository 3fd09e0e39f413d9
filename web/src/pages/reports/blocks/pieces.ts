import type { Token } from "marked";
import { tokensOf } from "@/ui/markdown-tokens";
import { type Block, BlockError, readBlock } from "./block";

/** A report from top to bottom: text, and what is shown live in between. */
export type Piece =
  | { kind: "text"; tokens: Token[] }
  | { kind: "block"; block: Block; source: string }
  | { kind: "fault"; message: string; source: string };

/** Divides a body into its pieces: blocks are fenced code of the language `runstone`, where code may stand by itself. */
export function piecesOf(body: string): Piece[] {
  const pieces: Piece[] = [];
  let text: Token[] = [];
  const close = () => {
    if (text.length > 0) pieces.push({ kind: "text", tokens: text });
    text = [];
  };
  for (const token of tokensOf(body)) {
    if (token.type !== "code" || token.lang?.trim() !== "runstone") {
      text.push(token);
      continue;
    }
    close();
    pieces.push(blockPiece(token.text));
  }
  close();
  return pieces;
}

function blockPiece(source: string): Piece {
  try {
    return { kind: "block", block: readBlock(source), source };
  } catch (error) {
    if (!(error instanceof BlockError)) throw error;
    return { kind: "fault", message: error.message, source };
  }
}

/** A block as it is written into a body. */
export function fence(block: Record<string, unknown>): string {
  const json = JSON.stringify(block, null, 2);
  // A value that is itself a fence needs a longer one around it.
  const longest = Math.max(2, ...[...json.matchAll(/`+/g)].map(([signs]) => signs.length));
  const signs = "`".repeat(longest + 1);
  return `${signs}runstone\n${json}\n${signs}`;
}
