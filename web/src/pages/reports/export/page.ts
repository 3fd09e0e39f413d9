import { escapeText } from "@/state/markup";

/** What an exported report is made of. */
export interface PageParts {
  title: string;
  /** HTML that was cleaned before it was shown. */
  body: string;
  style: string;
  theme: string;
  /** Where and when it comes from. */
  origin: string;
}

/** One file: everything it shows is in it, and its policy forbids it to load or run anything. */
export const pageOf = ({ title, body, style, theme, origin }: PageParts): string => `<!doctype html>
<html lang="en" data-theme="${escapeText(theme)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escapeText(title)}</title>
<style>
${style.replaceAll("</", "<\\/")}
</style>
</head>
<body>
<main class="mx-auto max-w-4xl px-4 pt-6 pb-12 sm:px-6">
${body}
<footer class="mt-10 border-t border-line pt-3 text-xs text-ink-3">${escapeText(origin)}</footer>
</main>
</body>
</html>
`;

interface Sheet {
  cssRules: Iterable<{ cssText: string }>;
}

/** The rules of the page without its fonts, which stay where they are: the file falls back to those of the system. */
export const styleText = (sheets: readonly Sheet[]): string =>
  sheets
    .flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText))
    .filter((rule) => !rule.startsWith("@font-face"))
    .join("\n");
