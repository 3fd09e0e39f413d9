/** Column widths that fit the first rows, in pixels. */
export function tableWidths(rows: readonly (readonly string[])[], sample = 60): number[] {
  const widths: number[] = [];
  for (const row of rows.slice(0, sample))
    row.forEach((field, at) => {
      widths[at] = Math.max(widths[at] ?? 72, Math.min(320, 34 + field.length * 7.8));
    });
  return widths;
}

/** A value of a table as a reader sees it, with all its digits. */
export const cellText = (value: unknown): string =>
  value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);

/** Names of columns, each of them once: what has none is called by its place, what comes again is counted. */
export function namesOf(columns: readonly string[]): string[] {
  const seen = new Set<string>();
  return columns.map((column, at) => {
    const name = column || `column ${at + 1}`;
    let own = name;
    for (let times = 2; seen.has(own); times++) own = `${name} (${times})`;
    seen.add(own);
    return own;
  });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether JSON reads better as a table than as a tree: rows of plain values, or pandas' columns and data. */
export function isTable(value: unknown): boolean {
  if (isObject(value)) {
    const { columns, data } = value;
    return Array.isArray(columns) && columns.length > 0 && Array.isArray(data) && data.every(Array.isArray);
  }
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((row) => isObject(row) && Object.values(row).every((one) => typeof one !== "object" || one === null))
  );
}
