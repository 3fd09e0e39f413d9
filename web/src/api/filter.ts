/** Writing the native filter language (docs/formats/filter.md): names of fields, texts in quotes, and the conditions the page makes itself. */
const plainKey = /^[A-Za-z0-9_\-./]+$/;

/** A field as the language writes it; keys with other signs get backquotes. */
export function fieldOf(entity: string, key: string): string {
  return `${entity}.${plainKey.test(key) ? key : `\`${key}\``}`;
}

/** A text as the language writes it: quotes inside are doubled, nothing else is special. */
export const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;

export const runsById = (ids: readonly string[]): string => `run_id in (${ids.map(quote).join(", ")})`;
