import { useColours } from "./text-lines";

/** A short piece of code, whole and in colours. */
export function CodeBlock({ text, language, label }: { text: string; language: string | undefined; label: string }) {
  const coloured = useColours(text, language);
  return (
    <pre
      role="region"
      tabIndex={0}
      aria-label={label}
      className="overflow-x-auto rounded-md border border-line bg-sunken px-3 py-2 font-mono text-xs leading-5 -outline-offset-2"
    >
      {coloured ? (
        // biome-ignore lint/security/noDangerouslySetInnerHtml: the highlighter escapes the text and adds spans only
        <code dangerouslySetInnerHTML={{ __html: coloured.join("\n") }} />
      ) : (
        <code>{text}</code>
      )}
    </pre>
  );
}
