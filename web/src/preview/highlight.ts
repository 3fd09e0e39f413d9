import type { LanguageFn } from "highlight.js";
import core from "highlight.js/lib/core";

const languages: Record<string, () => Promise<{ default: LanguageFn }>> = {
  python: () => import("highlight.js/lib/languages/python"),
  csharp: () => import("highlight.js/lib/languages/csharp"),
  javascript: () => import("highlight.js/lib/languages/javascript"),
  typescript: () => import("highlight.js/lib/languages/typescript"),
  java: () => import("highlight.js/lib/languages/java"),
  go: () => import("highlight.js/lib/languages/go"),
  rust: () => import("highlight.js/lib/languages/rust"),
  cpp: () => import("highlight.js/lib/languages/cpp"),
  bash: () => import("highlight.js/lib/languages/bash"),
  powershell: () => import("highlight.js/lib/languages/powershell"),
  r: () => import("highlight.js/lib/languages/r"),
  julia: () => import("highlight.js/lib/languages/julia"),
  sql: () => import("highlight.js/lib/languages/sql"),
  yaml: () => import("highlight.js/lib/languages/yaml"),
  ini: () => import("highlight.js/lib/languages/ini"),
  json: () => import("highlight.js/lib/languages/json"),
  xml: () => import("highlight.js/lib/languages/xml"),
  css: () => import("highlight.js/lib/languages/css"),
  latex: () => import("highlight.js/lib/languages/latex"),
  dockerfile: () => import("highlight.js/lib/languages/dockerfile"),
  makefile: () => import("highlight.js/lib/languages/makefile"),
};

/** A text as lines of HTML in which nothing but the spans of the highlighter is markup; nothing for a language that is not known. */
export async function highlight(text: string, language: string): Promise<string[] | undefined> {
  const load = languages[language];
  if (!load) return undefined;
  if (!core.getLanguage(language)) core.registerLanguage(language, (await load()).default);
  return splitLines(core.highlight(text, { language, ignoreIllegals: true }).value);
}

/** Cuts highlighted HTML at its line ends; a span that goes over several lines is closed and opened again at each. */
export function splitLines(html: string): string[] {
  const open: string[] = [];
  return html.split("\n").map((line) => {
    const before = open.join("");
    for (const [tag] of line.matchAll(/<span[^>]*>|<\/span>/g))
      if (tag === "</span>") open.pop();
      else open.push(tag);
    return before + line.replace(/\r$/, "") + "</span>".repeat(open.length);
  });
}
