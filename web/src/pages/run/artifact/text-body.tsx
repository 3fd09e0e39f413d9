import { lazy, type ReactNode, Suspense, useMemo } from "react";
import { parseUnified } from "@/preview/diff";
import { DiffFiles } from "@/preview/diff-view";
import { HtmlFrame } from "@/preview/html-frame";
import { JsonTree } from "@/preview/json-tree";
import { parseNotebook } from "@/preview/notebook";
import { NotebookView } from "@/preview/notebook-view";
import { isFigure } from "@/preview/plotly";
import { TextLines } from "@/preview/text-lines";
import { isTable } from "@/preview/values";
import { Markdown } from "@/ui/markdown";
import { Skeleton } from "@/ui/state-views";
import { languageOf, previewKind } from "./kinds";

const PlotlyFrame = lazy(() => import("@/preview/plotly-frame"));

interface TextBodyProps {
  path: string;
  text: string;
  /** The file as a table, for JSON that is one. */
  table: ReactNode;
}

/** A whole text as its kind is read: a page, a difference, a notebook, a figure, a table, a tree. */
export function TextBody({ path, text, table }: TextBodyProps) {
  const kind = previewKind(path);
  if (kind === "markdown")
    return (
      <div className="px-5 py-4">
        <Markdown text={text} />
      </div>
    );
  if (kind === "html") return <HtmlFrame html={text} title={path} />;
  if (kind === "diff") return <Diff text={text} />;
  return <Json path={path} text={text} table={table} />;
}

function Diff({ text }: { text: string }) {
  const files = useMemo(() => parseUnified(text), [text]);
  return files.length === 0 ? <TextLines text={text} /> : <DiffFiles files={files} />;
}

function Json({ path, text, table }: TextBodyProps) {
  const parsed = useMemo(() => parse(text), [text]);
  const notebook = useMemo(
    () => ("value" in parsed && previewKind(path) === "notebook" ? parseNotebook(parsed.value) : undefined),
    [parsed, path],
  );
  if ("error" in parsed)
    return (
      <>
        <p className="border-b border-line px-4 py-1.5 text-xs text-bad">Not valid JSON: {parsed.error}</p>
        <TextLines text={text} language={languageOf(path)} />
      </>
    );
  if (notebook) return <NotebookView notebook={notebook} />;
  if (isFigure(parsed.value))
    return (
      <div className="h-full min-h-96">
        <Suspense fallback={<Skeleton className="h-full" />}>
          <PlotlyFrame figure={parsed.value} title={`Figure ${path}`} />
        </Suspense>
      </div>
    );
  return previewKind(path) === "json" && isTable(parsed.value) ? table : <JsonTree value={parsed.value} />;
}

function parse(text: string): { value: unknown } | { error: string } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (cause) {
    return { error: cause instanceof Error ? cause.message : String(cause) };
  }
}
