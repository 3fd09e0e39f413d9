import { useState } from "react";
import { versionOf } from "@/api/artifacts";
import { artifactUrl } from "@/api/calls";
import { failureOf, useArtifactHead } from "@/api/queries";
import type { ArtifactInfo } from "@/api/types";
import { EmptyState, ErrorState, Skeleton } from "@/ui/state-views";

/** An image of a run, fitted to its place; a click shows it in its own size. */
export function Picture({ runId, entry }: { runId: string; entry: ArtifactInfo }) {
  const [failures, setFailures] = useState(0);
  const [full, setFull] = useState(false);
  const [size, setSize] = useState<string>();
  // An image does not say why it could not be loaded. Reading its file does; where that works, the image is tried once more.
  const read = useArtifactHead(runId, entry.path, versionOf(entry), 1, entry.size, failures === 1);
  const failure = failureOf(read);
  if (failure)
    return <ErrorState what="The file could not be read" error={failure} onRetry={() => void read.refetch()} />;
  if (failures === 1 && !read.data) return <Skeleton className="m-4 h-64" />;
  if (failures > 1)
    return (
      <EmptyState title="The image could not be shown">
        It may be damaged, or of a kind this browser does not know.
      </EmptyState>
    );
  return (
    <figure className="grid min-h-full place-items-center bg-sunken p-4">
      <button
        type="button"
        aria-label={full ? "Fit the image" : "Show the image in its own size"}
        onClick={() => setFull(!full)}
        className={full ? "cursor-zoom-out" : "cursor-zoom-in"}
      >
        <img
          key={failures}
          src={artifactUrl(runId, entry.path)}
          alt={entry.path}
          onError={() => setFailures(failures + 1)}
          onLoad={({ currentTarget }) => setSize(`${currentTarget.naturalWidth} × ${currentTarget.naturalHeight}`)}
          className={`rounded-md border border-line bg-white ${full ? "max-w-none" : "max-h-[66dvh] max-w-full object-contain"}`}
        />
      </button>
      {size && <figcaption className="num mt-2 text-xs text-ink-3">{size} pixels</figcaption>}
    </figure>
  );
}
