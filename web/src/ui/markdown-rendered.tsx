import DOMPurify from "dompurify";
import type { Token } from "marked";
import { useMemo } from "react";
import { htmlOf, tokensOf } from "./markdown-tokens";

DOMPurify.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName === "A") {
    node.setAttribute("target", "_blank");
    node.setAttribute("rel", "noopener noreferrer");
  }
  // A picture of another host would tell that host who reads.
  const source = node.getAttribute("src");
  if (node.tagName === "IMG" && source && new URL(source, window.location.href).origin !== window.location.origin) {
    node.removeAttribute("src");
    node.setAttribute("title", `Not loaded: ${source}`);
  }
});

export default function Rendered({ text }: { text: string }) {
  const tokens = useMemo(() => tokensOf(text), [text]);
  return <RenderedTokens tokens={tokens} />;
}

export function RenderedTokens({ tokens }: { tokens: Token[] }) {
  const html = useMemo(
    () =>
      DOMPurify.sanitize(htmlOf(tokens), {
        USE_PROFILES: { html: true },
        FORBID_TAGS: ["style", "form", "input", "button", "textarea", "select", "video", "audio"],
        FORBID_ATTR: ["style", "class", "id", "name", "srcset"],
      }),
    [tokens],
  );
  // biome-ignore lint/security/noDangerouslySetInnerHtml: the text has been sanitised above
  return <div className="prose" dangerouslySetInnerHTML={{ __html: html }} />;
}
