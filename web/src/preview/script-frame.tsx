import { useRef } from "react";

/**
 * A page whose scripts run where they reach nothing: in a frame without an origin, whose policy (`WebPage.cs`) closes the network and which a page from
 * `framedPage` narrows further. Another page is another frame.
 */
export function ScriptFrame({ page, title, className }: { page: string; title: string; className: string }) {
  const sent = useRef<Window>(null);
  return (
    <iframe
      key={page}
      title={title}
      src="/frame.html"
      sandbox="allow-scripts"
      referrerPolicy="no-referrer"
      className={className}
      onLoad={({ currentTarget }) => {
        // Writing into the frame loads it a second time.
        if (sent.current === currentTarget.contentWindow) return;
        sent.current = currentTarget.contentWindow;
        sent.current?.postMessage(page, "*");
      }}
    />
  );
}
