import { useMemo, useState } from "react";
import { Button } from "@/ui/button";
import { framedPage } from "./frame";
import { ScriptFrame } from "./script-frame";

/** A page that somebody logged, shut off from this one and from the network. Its scripts run only when the reader says so. */
export function HtmlFrame({ html, title, className }: { html: string; title: string; className?: string }) {
  const [runs, setRuns] = useState(false);
  const active = useMemo(() => /<script|\son\w+\s*=|javascript:/i.test(html), [html]);
  const page = useMemo(() => framedPage(html, runs ? "'unsafe-inline' 'unsafe-eval'" : undefined), [html, runs]);
  const look = className ?? "min-h-[60dvh] w-full grow bg-white";
  return (
    <div className="flex h-full min-h-0 flex-col">
      {active && (
        <p className="flex shrink-0 items-center gap-3 border-b border-line bg-sunken px-4 py-1.5 text-xs text-ink-2">
          <span className="grow">
            {runs
              ? "Scripts of this page run, shut off from Runstone and from the network."
              : "This page has scripts. They do not run unless you want it; Runstone and the network stay closed to them."}
          </span>
          {!runs && (
            <Button className="h-7" onClick={() => setRuns(true)}>
              Run its scripts
            </Button>
          )}
        </p>
      )}
      {runs ? (
        <ScriptFrame page={page} title={title} className={look} />
      ) : (
        <iframe title={title} srcDoc={page} sandbox="" referrerPolicy="no-referrer" className={look} />
      )}
    </div>
  );
}
