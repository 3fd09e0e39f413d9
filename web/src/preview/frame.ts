/**
 * A page that somebody logged, for `srcdoc` of a frame with an opaque origin: nothing is loaded, nothing is sent, pictures and fonts only from
 * within. The policy stands before everything of the page, so that nothing in it can come before the policy. `scripts` are sources of scripts as a
 * policy names them; none runs without.
 */
export function framedPage(html: string, scripts = "'none'"): string {
  const policy = [
    "default-src 'none'",
    `script-src ${scripts}`,
    "style-src 'unsafe-inline'",
    "img-src data: blob:",
    "media-src data: blob:",
    "font-src data:",
    "form-action 'none'",
    "base-uri 'none'",
  ].join("; ");
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">${html}`;
}

/** JSON that can stand inside a script element: no end tag and no comment can begin in it. */
export const inScript = (value: unknown): string =>
  JSON.stringify(value).replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
