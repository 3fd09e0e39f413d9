import { useMemo } from "react";
import { cx } from "@/ui/classes";
import { colourOf, type Look, type Piece, parseAnsi } from "./ansi";

/** The pieces of one line in their looks, those of a search marked. */
export const AnsiPieces = ({ pieces }: { pieces: readonly (Piece & { marked?: boolean })[] }) =>
  pieces.map(({ text, look, marked }, index) => {
    const Part = marked ? "mark" : "span";
    const shown = marked ? { className: "rounded-sm bg-warn-soft text-ink outline outline-warn" } : looks(look);
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: a piece belongs to its place
      <Part key={index} {...shown}>
        {text}
      </Part>
    );
  });

function looks({ colour, ground, inverse, ...look }: Look) {
  const [front, back] = inverse ? [ground ?? "var(--surface)", colour ?? "var(--ink)"] : [colour, ground];
  const css = (value: number | string | undefined) =>
    value === undefined ? undefined : String(value).startsWith("var(") ? String(value) : colourOf(value);
  return {
    className:
      cx(
        look.bold && "font-semibold",
        look.faint && "opacity-75",
        look.italic && "italic",
        look.underline && "underline",
      ) || undefined,
    style:
      front === undefined && back === undefined
        ? undefined
        : {
            color: css(front),
            // A ground is only hinted at, so that what stands on it can be read in both themes.
            background: inverse ? css(back) : back && `color-mix(in srgb, ${css(back)} 22%, transparent)`,
          },
  };
}

/** A text with escape sequences, line by line; for short ones. */
export function AnsiText({ text }: { text: string }) {
  const lines = useMemo(() => {
    let look: Look = {};
    return text.split("\n").map((line) => {
      const parsed = parseAnsi(line, look);
      look = parsed.look;
      return parsed.pieces;
    });
  }, [text]);
  return lines.map((pieces, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a line belongs to its place
    <span key={index} className="block min-h-5">
      <AnsiPieces pieces={pieces} />
    </span>
  ));
}
