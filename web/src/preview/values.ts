/** Rows of separated values as RFC 4180 writes them; a quoted field may hold separators, quotes and line ends. */
export function parseTable(text: string, separator: "," | "\t"): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = "";
  let quoted = false;
  const endRow = () => {
    row.push(field);
    field = "";
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  };
  for (let at = text.charCodeAt(0) === 0xfeff ? 1 : 0; at < text.length; at++) {
    const sign = text[at] as string;
    if (quoted) {
      if (sign !== '"') field += sign;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else quoted = false;
    } else if (sign === '"' && field === "") quoted = true;
    else if (sign === separator) {
      row.push(field);
      field = "";
    } else if (sign === "\n") endRow();
    else if (sign !== "\r") field += sign;
  }
  if (field !== "" || row.length > 0) endRow();
  return rows;
}

/** Column widths that fit the first rows, in pixels. */
export function tableWidths(rows: readonly (readonly string[])[], sample = 60): number[] {
  const widths: number[] = [];
  for (const row of rows.slice(0, sample))
    row.forEach((field, at) => {
      widths[at] = Math.max(widths[at] ?? 72, Math.min(320, 28 + field.length * 7.2));
    });
  return widths;
}

/** A value of a table as a reader sees it. */
export const cellText = (value: unknown): string =>
  value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);

/**
 * Lines of JSON as rows, the names of their members first, in the order in which they occur; a value that is no object is the only member of its row.
 * A line that is no JSON is shown as it is.
 */
export function parseJsonLines(text: string, mostColumns = 500): string[][] {
  const columns = new Map<string, number>();
  const rows: string[][] = [];
  const placeOf = (name: string): number => {
    const known = columns.get(name);
    if (known !== undefined || columns.size >= mostColumns) return known ?? -1;
    columns.set(name, columns.size);
    return columns.size - 1;
  };
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === "") continue;
    const row: string[] = [];
    for (const [name, value] of Object.entries(parseLine(line))) {
      const place = placeOf(name);
      if (place >= 0) row[place] = cellText(value);
    }
    rows.push(row);
  }
  const head = [...columns.keys()];
  return rows.length === 0 ? [] : [head, ...rows.map((row) => head.map((_, at) => row[at] ?? ""))];
}

function parseLine(line: string): Record<string, unknown> {
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : { value };
  } catch {
    return { line };
  }
}
