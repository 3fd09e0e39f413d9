/** A piece of a line in one look. */
export interface Piece {
  text: string;
  look: Look;
}

/** What escape sequences said so far; a colour is a number of the 256 or a triple as CSS. */
export interface Look {
  colour?: number | string;
  ground?: number | string;
  bold?: boolean;
  faint?: boolean;
  italic?: boolean;
  underline?: boolean;
  inverse?: boolean;
}

// Select Graphic Rendition; every other control sequence (CSI), operating system command (OSC) and single escape is left out.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const sequence = /\u001b\[([0-9;:]*)m|\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b./g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const controls = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/**
 * Splits a line at its escape sequences (ECMA-48, as terminals read it). `look` is how the line before ended; answers how this one ends. A
 * carriage return takes the line back to its start, as progress bars do.
 */
export function parseAnsi(line: string, look: Look = {}): { pieces: Piece[]; look: Look } {
  const shown = line.replace(/\r+$/, "");
  const back = shown.lastIndexOf("\r");
  const pieces: Piece[] = [];
  let now = look;
  let from = 0;
  const add = (until: number) => {
    if (until <= from) return;
    const text = shown.slice(Math.max(from, back + 1), until).replace(controls, "");
    if (text !== "") pieces.push({ text, look: now });
  };
  for (const match of shown.matchAll(sequence)) {
    add(match.index);
    from = match.index + match[0].length;
    if (match[1] !== undefined) now = render(now, match[1]);
  }
  add(shown.length);
  return { pieces, look: now };
}

function render(look: Look, codes: string): Look {
  let now = { ...look };
  const numbers = codes.split(/[;:]/).map((code) => (code === "" ? 0 : Number(code)));
  for (let at = 0; at < numbers.length; at++) {
    const code = numbers[at] ?? 0;
    if (code === 0) now = {};
    else if (code === 1) now.bold = true;
    else if (code === 2) now.faint = true;
    else if (code === 3) now.italic = true;
    else if (code === 4) now.underline = true;
    else if (code === 7) now.inverse = true;
    else if (code === 22) now = without(now, "bold", "faint");
    else if (code === 23) now = without(now, "italic");
    else if (code === 24) now = without(now, "underline");
    else if (code === 27) now = without(now, "inverse");
    else if (code === 39) now = without(now, "colour");
    else if (code === 49) now = without(now, "ground");
    else if (code === 38 || code === 48) {
      const [colour, used] = extended(numbers.slice(at + 1));
      at += used;
      if (colour !== undefined) now[code === 38 ? "colour" : "ground"] = colour;
    } else if (code >= 30 && code <= 37) now.colour = code - 30;
    else if (code >= 40 && code <= 47) now.ground = code - 40;
    else if (code >= 90 && code <= 97) now.colour = code - 82;
    else if (code >= 100 && code <= 107) now.ground = code - 92;
  }
  return now;
}

const without = (look: Look, ...names: (keyof Look)[]): Look =>
  Object.fromEntries(Object.entries(look).filter(([name]) => !names.includes(name as keyof Look)));

/** The colour behind 38 or 48, and how many numbers it took. */
function extended([kind, ...rest]: number[]): [number | string | undefined, number] {
  const byte = (value: number | undefined) => Math.max(0, Math.min(255, value ?? 0));
  if (kind === 5) return [byte(rest[0]), 2];
  if (kind === 2) return [`rgb(${byte(rest[0])} ${byte(rest[1])} ${byte(rest[2])})`, 4];
  return [undefined, 1];
}

const named = ["--ink", "--bad", "--ok", "--warn", "--busy", "--series-3", "--series-10", "--ink-2"];

/** The CSS colour of one of the 256: the first 16 are the page's own, so that they can be read in both themes. */
export function colourOf(colour: number | string): string {
  if (typeof colour === "number" && colour < 16) return `var(${colour === 8 ? "--ink-3" : named[colour % 8]})`;
  const value = typeof colour === "string" ? colour : cube(colour);
  return `color-mix(in oklab, ${value} 70%, var(--ink))`;
}

function cube(colour: number): string {
  if (colour >= 232) {
    const grey = 8 + (colour - 232) * 10;
    return `rgb(${grey} ${grey} ${grey})`;
  }
  const level = (value: number) => (value === 0 ? 0 : 55 + value * 40);
  const place = colour - 16;
  return `rgb(${level(Math.floor(place / 36))} ${level(Math.floor(place / 6) % 6)} ${level(place % 6)})`;
}
