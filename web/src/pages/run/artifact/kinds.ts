export type PreviewKind = "image" | "markdown" | "json" | "table" | "text" | "none";

const kinds: Record<string, PreviewKind> = {};
const add = (kind: PreviewKind, extensions: string) => {
  for (const extension of extensions.split(" ")) kinds[extension] = kind;
};
add("image", "png jpg jpeg gif webp svg bmp avif ico");
add("markdown", "md markdown");
add("json", "json ipynb geojson");
add("table", "csv tsv");
add(
  "text",
  "txt log out err py cs js ts tsx jsx java go rs c h cpp hpp sh ps1 bat r jl sql yaml yml toml ini cfg conf env xml html css diff patch jsonl ndjson tex rst lock dockerfile makefile gitignore props csproj",
);

const namedText = new Set(["mlmodel", "dockerfile", "makefile", "license", "readme", "conda", "requirements"]);

/** How a file can be shown, from its name. */
export function previewKind(path: string): PreviewKind {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const dot = name.lastIndexOf(".");
  if (dot <= 0) return namedText.has(name) ? "text" : "none";
  return kinds[name.slice(dot + 1)] ?? "none";
}

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
