import { lazy, type ReactNode, Suspense, useMemo, useState } from "react";
import { artifactUrl } from "@/api/calls";
import { failureOf, useArtifactHead } from "@/api/queries";
import type { MediaItem } from "@/api/types";
import { HtmlFrame } from "@/preview/html-frame";
import { isFigure } from "@/preview/plotly";
import { cx } from "@/ui/classes";
import { Markdown } from "@/ui/markdown";
import { EmptyState, ErrorState, Skeleton } from "@/ui/state-views";
import { ConfusionView } from "./confusion-view";
import { CurveView } from "./curve-view";
import { MediaTableView } from "./media-table";
import { confusionOf, curvesOf, tableOf, textOf } from "./shapes";

const PlotlyFrame = lazy(() => import("@/preview/plotly-frame"));
const FileView = lazy(() => import("@/pages/run/artifact/file-view").then((module) => ({ default: module.FileView })));

const fileBytes = 16 * 1024 * 1024;

const smallPixels = 200;

/** A picture as large as its place; pixels of a small one stay pixels. */
function Picture({ source, text, low }: { source: string; text: string; low: boolean }) {
  const [coarse, setCoarse] = useState(false);
  return (
    <img
      src={source}
      alt={text}
      loading="lazy"
      onLoad={({ currentTarget }) => setCoarse(currentTarget.naturalWidth < smallPixels)}
      className={cx(
        "object-contain",
        low ? "max-h-(--tile-height) min-h-24 w-full" : coarse ? "h-64 w-full" : "max-h-80 max-w-full",
        coarse && "[image-rendering:pixelated]",
      )}
    />
  );
}

interface MediaItemProps {
  runId: string;
  item: MediaItem;
  /** Pictures are as wide as their place, and as high as `--tile-height` at most. */
  small?: boolean;
}

/** What has no height of its own takes that of the card, which is as high as its neighbours. */
const Filling = ({ children }: { children: ReactNode }) => (
  <div className="relative min-h-80 overflow-hidden">
    <div className="absolute inset-0 flex flex-col *:min-h-0 *:grow">{children}</div>
  </div>
);

/** One thing that a run logged to be looked at, by its type; histograms are drawn with their other steps. */
export function MediaItemView({ runId, item, small = false }: MediaItemProps) {
  const { type, key: title, path, data } = item;
  if (path !== undefined) {
    const source = artifactUrl(runId, path);
    if (type === "image")
      return (
        <a href={source} target="_blank" rel="noreferrer" className="grid min-h-64 place-items-center bg-sunken">
          <Picture key={source} source={source} text={item.caption || title} low={small} />
        </a>
      );
    // biome-ignore lint/a11y/useMediaCaption: what a run logged has no captions
    if (type === "audio") return <audio controls preload="none" src={source} className="w-full p-3" />;
    // biome-ignore lint/a11y/useMediaCaption: what a run logged has no captions
    if (type === "video") return <video controls preload="metadata" src={source} className="max-h-96 w-full" />;
    if (type === "html" || type === "text" || type === "plotly")
      return <FileItem runId={runId} item={item} path={path} />;
    return (
      <Filling>
        <Suspense fallback={<Skeleton className="h-full" />}>
          <FileView runId={runId} path={path} />
        </Suspense>
      </Filling>
    );
  }
  return <DataItem runId={runId} item={item} data={data} />;
}

function DataItem({ runId, item, data }: { runId: string; item: MediaItem; data: unknown }) {
  const { type, key: title } = item;
  const read = useMemo(() => shapeOf(type, data), [type, data]);
  if (read.table)
    return (
      <Filling>
        <MediaTableView runId={runId} title={title} table={read.table} />
      </Filling>
    );
  if (read.matrix) return <ConfusionView runId={runId} title={title} matrix={read.matrix} />;
  if (read.curves && (type === "roc" || type === "pr"))
    return <CurveView type={type} title={title} curves={read.curves} />;
  if (read.text)
    return (
      <div className="max-h-80 overflow-auto px-4 py-3">
        {read.text.markdown ? (
          <Markdown text={read.text.text} />
        ) : (
          <pre className="whitespace-pre-wrap break-words font-mono text-xs leading-5">{read.text.text}</pre>
        )}
      </div>
    );
  if (read.figure)
    return (
      <Filling>
        <Suspense fallback={<Skeleton className="h-full" />}>
          <PlotlyFrame figure={read.figure} title={title} />
        </Suspense>
      </Filling>
    );
  return (
    <EmptyState title="This cannot be shown">
      Its data has not the shape of a {type}. Another version of Runstone may know it.
    </EmptyState>
  );
}

function shapeOf(type: MediaItem["type"], data: unknown) {
  return {
    table: type === "table" ? tableOf(data) : undefined,
    matrix: type === "confusion-matrix" ? confusionOf(data) : undefined,
    curves: type === "roc" || type === "pr" ? curvesOf(type, data) : undefined,
    text: type === "text" ? textOf(data) : undefined,
    figure: type === "plotly" ? figureOf(data) : undefined,
  };
}

/** A figure may leave out its layout. */
const figureOf = (data: unknown) => {
  const whole = typeof data === "object" && data !== null ? { layout: {}, ...data } : data;
  return isFigure(whole) ? whole : undefined;
};

/** A page, a text or a figure that lies in a file. */
function FileItem({ runId, item, path }: { runId: string; item: MediaItem; path: string }) {
  const read = useArtifactHead(runId, path, item.id, fileBytes, fileBytes);
  const failure = failureOf(read);
  if (failure) return <ErrorState what="The file of this step could not be read" error={failure} />;
  if (!read.data) return <Skeleton className="m-4 h-48" />;
  const { text } = read.data;
  if (item.type === "html")
    return (
      <Filling>
        <HtmlFrame html={text} title={item.caption || item.key} className="min-h-0 w-full grow bg-white" />
      </Filling>
    );
  const markdown = path.toLowerCase().endsWith(".md");
  const data = item.type === "plotly" ? parse(text) : { text, format: markdown ? "markdown" : "plain" };
  return <DataItem runId={runId} item={item} data={data} />;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
