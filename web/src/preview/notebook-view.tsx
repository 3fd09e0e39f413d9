import { lazy, Suspense, useState } from "react";
import { formatCount } from "@/state/format";
import { Button } from "@/ui/button";
import { cx } from "@/ui/classes";
import { Markdown } from "@/ui/markdown";
import { Skeleton } from "@/ui/state-views";
import { AnsiText } from "./ansi-text";
import { CodeBlock } from "./code-block";
import { HtmlFrame } from "./html-frame";
import type { Cell, Notebook, Output } from "./notebook";
import { isFigure } from "./plotly";

const PlotlyFrame = lazy(() => import("./plotly-frame"));
const step = 100;

/** The cells of a notebook with what they gave. */
export function NotebookView({ notebook }: { notebook: Notebook }) {
  const [shown, setShown] = useState(step);
  return (
    <div className="mx-auto max-w-4xl space-y-4 px-4 py-5">
      {notebook.cells.slice(0, shown).map((cell, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a cell belongs to its place
        <CellView key={index} cell={cell} language={notebook.language} />
      ))}
      {notebook.cells.length > shown && (
        <Button onClick={() => setShown(shown + step)}>{formatCount(notebook.cells.length - shown)} more cells</Button>
      )}
    </div>
  );
}

function CellView({ cell, language }: { cell: Cell; language: string | undefined }) {
  if (cell.kind === "markdown") return <Markdown text={cell.source} />;
  return (
    <div className="grid grid-cols-[2.5rem_minmax(0,1fr)] gap-x-2 gap-y-2">
      <span className="num pt-2 text-right font-mono text-2xs text-ink-3" title="Order in which the cell ran">
        {cell.count === undefined ? "" : `[${cell.count}]`}
      </span>
      <CodeBlock text={cell.source} language={cell.kind === "code" ? language : undefined} label="Code of a cell" />
      {cell.outputs.map((output, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an output belongs to its place
        <div key={index} className="col-start-2 min-w-0">
          <OutputView output={output} />
        </div>
      ))}
    </div>
  );
}

function OutputView({ output }: { output: Output }) {
  if (output.kind === "image")
    return <img src={output.source} alt="Output of the cell" className="max-w-full rounded-sm bg-white" />;
  if (output.kind === "html")
    return (
      <div className="h-72 overflow-hidden rounded-md border border-line">
        <HtmlFrame html={output.html} title="Output of the cell" className="min-h-0 w-full grow bg-white" />
      </div>
    );
  if (output.kind === "markdown") return <Markdown text={output.text} />;
  if (output.kind === "figure")
    return isFigure(output.value) ? (
      <div className="h-96">
        <Suspense fallback={<Skeleton className="h-full" />}>
          <PlotlyFrame figure={output.value} title="Figure of the cell" />
        </Suspense>
      </div>
    ) : null;
  return (
    <pre
      className={cx(
        "max-h-96 overflow-auto whitespace-pre-wrap break-words px-1 font-mono text-xs leading-5",
        output.bad && "rounded-md bg-bad-soft px-3 py-2",
      )}
    >
      <AnsiText text={output.text.replace(/\n$/, "")} />
    </pre>
  );
}
