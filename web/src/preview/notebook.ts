/** A cell of a notebook (nbformat 4), with what is shown of it. */
export interface Cell {
  kind: "markdown" | "code" | "raw";
  source: string;
  count: number | undefined;
  outputs: Output[];
}

export type Output =
  | { kind: "text"; text: string; bad: boolean }
  | { kind: "image"; source: string }
  | { kind: "html"; html: string }
  | { kind: "markdown"; text: string }
  | { kind: "figure"; value: unknown };

export interface Notebook {
  language: string | undefined;
  cells: Cell[];
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
/** Text of a notebook is one string or a list of lines that carry their ends. */
const textOf = (value: unknown): string =>
  typeof value === "string"
    ? value
    : Array.isArray(value)
      ? value.filter((one) => typeof one === "string").join("")
      : "";

/** Reads a notebook; nothing for JSON that is none. Members of other types than expected are left out. */
export function parseNotebook(value: unknown): Notebook | undefined {
  if (!isObject(value) || !Array.isArray(value.cells)) return undefined;
  const metadata = isObject(value.metadata) ? value.metadata : {};
  const info = [metadata.language_info, metadata.kernelspec].filter(isObject);
  const language = info.map((one) => one.name ?? one.language).find((one) => typeof one === "string") as
    | string
    | undefined;
  return {
    language: languages[(language ?? "python").toLowerCase()] ?? language?.toLowerCase(),
    cells: value.cells.filter(isObject).map((cell) => ({
      kind: cell.cell_type === "code" ? "code" : cell.cell_type === "markdown" ? "markdown" : "raw",
      source: textOf(cell.source),
      count: typeof cell.execution_count === "number" ? cell.execution_count : undefined,
      outputs: Array.isArray(cell.outputs) ? cell.outputs.filter(isObject).flatMap(outputOf) : [],
    })),
  };
}

const languages: Record<string, string> = { "c#": "csharp", ipython: "python", ipython3: "python", python3: "python" };

function outputOf(output: Json): Output[] {
  if (output.output_type === "stream")
    return [{ kind: "text", text: textOf(output.text), bad: output.name === "stderr" }];
  if (output.output_type === "error") {
    const trace = Array.isArray(output.traceback) ? output.traceback.filter((one) => typeof one === "string") : [];
    return [{ kind: "text", text: trace.join("\n") || `${output.ename}: ${output.evalue}`, bad: true }];
  }
  const data = isObject(output.data) ? output.data : {};
  const figure = data["application/vnd.plotly.v1+json"];
  if (isObject(figure)) return [{ kind: "figure", value: figure }];
  for (const type of ["image/png", "image/jpeg", "image/gif"]) {
    const bytes = textOf(data[type]).replace(/\s/g, "");
    if (/^[\w+/=]+$/.test(bytes)) return [{ kind: "image", source: `data:${type};base64,${bytes}` }];
  }
  const picture = textOf(data["image/svg+xml"]);
  if (picture) return [{ kind: "image", source: `data:image/svg+xml,${encodeURIComponent(picture)}` }];
  const html = textOf(data["text/html"]);
  if (html) return [{ kind: "html", html }];
  const markdown = textOf(data["text/markdown"]);
  if (markdown) return [{ kind: "markdown", text: markdown }];
  const text = textOf(data["text/plain"]);
  return text ? [{ kind: "text", text, bad: false }] : [];
}
