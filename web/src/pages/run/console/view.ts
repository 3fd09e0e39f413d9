import type { Piece } from "@/preview/ansi";

export const lineHeight = 20;

/** Browsers end a page at about 17 million pixels; above this the scroll bar moves over more than a pixel a pixel. */
const tallest = 8_000_000;

export interface View {
  /** The line at the top, and how many pixels of it are above the edge. */
  first: number;
  offset: number;
  /** Lines that are at least partly on screen. */
  count: number;
}

/** How tall the scrolled area is, so that every line can be reached. */
export const scrollHeight = (total: number, height: number): number =>
  Math.max(height, Math.min(total * lineHeight, tallest));

/** What is on screen when the bar stands at `top`. */
export function viewAt(total: number, height: number, top: number): View {
  const room = total * lineHeight - height;
  const bar = scrollHeight(total, height) - height;
  const place = bar <= 0 ? 0 : Math.max(0, Math.min(1, top / bar)) * Math.max(0, room);
  const first = Math.floor(place / lineHeight);
  return {
    first,
    offset: place - first * lineHeight,
    count: Math.max(0, Math.min(total - first, Math.ceil(height / lineHeight) + 1)),
  };
}

/** Where the bar stands when a line is at `share` of the height, 0 the top. */
export function topOf(line: number, total: number, height: number, share = 0): number {
  const room = total * lineHeight - height;
  if (room <= 0) return 0;
  const place = Math.max(0, Math.min(room, line * lineHeight - share * height));
  return (place / room) * (scrollHeight(total, height) - height);
}

/** How far the bar moves for a movement of the lines by pixels. */
export const barFor = (pixels: number, total: number, height: number): number =>
  (pixels * Math.max(1, scrollHeight(total, height) - height)) / Math.max(1, total * lineHeight - height);

export interface MarkedPiece extends Piece {
  marked?: boolean;
}

/** Cuts the pieces of a line where a match begins and ends. */
export function markPieces(pieces: readonly Piece[], at: number, length: number): MarkedPiece[] {
  if (length <= 0) return [...pieces];
  const end = at + length;
  let from = 0;
  return pieces.flatMap((piece) => {
    const start = from;
    from += piece.text.length;
    const cuts = [0, at - start, end - start, piece.text.length]
      .map((cut) => Math.max(0, Math.min(piece.text.length, cut)))
      .sort((a, b) => a - b);
    return cuts.slice(1).flatMap((cut, index) => {
      const text = piece.text.slice(cuts[index], cut);
      if (text === "") return [];
      const place = start + (cuts[index] ?? 0);
      return [place >= at && place < end ? { ...piece, text, marked: true } : { ...piece, text }];
    });
  });
}
