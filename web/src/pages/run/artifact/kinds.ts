export type PreviewKind =
  | "image"
  | "audio"
  | "video"
  | "markdown"
  | "json"
  | "figure"
  | "notebook"
  | "table"
  | "html"
  | "pdf"
  | "array"
  | "arrays"
  | "diff"
  | "text"
  | "none";

const kinds: Record<string, PreviewKind> = {};
const add = (kind: PreviewKind, extensions: string) => {
  for (const extension of extensions.split(" ")) kinds[extension] = kind;
};
add("image", "png jpg jpeg gif webp svg bmp avif ico");
add("audio", "wav mp3 ogg oga flac m4a aac opus");
add("video", "mp4 webm ogv mov m4v");
add("markdown", "md markdown");
add("json", "json geojson");
add("notebook", "ipynb");
add("table", "csv tsv jsonl ndjson parquet");
add("html", "html htm");
add("pdf", "pdf");
add("array", "npy");
add("arrays", "npz");
add("diff", "diff patch");
add(
  "text",
  "txt log out err py cs js mjs ts tsx jsx java go rs c h cc cpp hpp cu sh bash ps1 bat r jl sql yaml yml toml ini cfg conf env xml css tex rst lock dockerfile makefile gitignore props csproj slnx proto",
);

const namedText = new Set(["mlmodel", "dockerfile", "makefile", "license", "readme", "conda", "requirements"]);

const languages: Record<string, string> = {
  py: "python",
  cs: "csharp",
  js: "javascript",
  mjs: "javascript",
  jsx: "javascript",
  ts: "typescript",
  tsx: "typescript",
  java: "java",
  go: "go",
  rs: "rust",
  c: "cpp",
  h: "cpp",
  cc: "cpp",
  cpp: "cpp",
  hpp: "cpp",
  cu: "cpp",
  sh: "bash",
  bash: "bash",
  ps1: "powershell",
  r: "r",
  jl: "julia",
  sql: "sql",
  yaml: "yaml",
  yml: "yaml",
  mlmodel: "yaml",
  toml: "ini",
  ini: "ini",
  cfg: "ini",
  conf: "ini",
  json: "json",
  ipynb: "json",
  geojson: "json",
  jsonl: "json",
  xml: "xml",
  html: "xml",
  htm: "xml",
  svg: "xml",
  csproj: "xml",
  props: "xml",
  slnx: "xml",
  css: "css",
  tex: "latex",
  dockerfile: "dockerfile",
  makefile: "makefile",
};

/** The end of a file's name, lower case: what stands behind the last point, or the whole name when there is none. */
export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const dot = name.lastIndexOf(".");
  return dot < 0 ? name : dot === 0 ? "" : name.slice(dot + 1);
}

/** How a file can be shown, from its name. */
export function previewKind(path: string): PreviewKind {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  if (!name.includes(".")) return namedText.has(name) ? "text" : "none";
  if (name.endsWith(".plotly.json")) return "figure";
  return kinds[extensionOf(path)] ?? "none";
}

/** The language of a text, as the highlighter names it. */
export const languageOf = (path: string): string | undefined => languages[extensionOf(path)];
