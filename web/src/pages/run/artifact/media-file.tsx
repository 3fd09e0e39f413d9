import { useState } from "react";
import { artifactUrl } from "@/api/calls";
import type { ArtifactInfo } from "@/api/types";
import { EmptyState } from "@/ui/state-views";

/** Sound or film; the browser reads only what is played. */
export function Media({ runId, entry, kind }: { runId: string; entry: ArtifactInfo; kind: "audio" | "video" }) {
  const [failed, setFailed] = useState(false);
  if (failed)
    return (
      <EmptyState title={`The ${kind === "audio" ? "sound" : "film"} could not be played`} className="h-full">
        It may be damaged, or of a kind this browser does not know. Download it to open it.
      </EmptyState>
    );
  const shared = {
    controls: true,
    preload: "metadata",
    src: artifactUrl(runId, entry.path),
    "aria-label": entry.path,
    onError: () => setFailed(true),
  } as const;
  return (
    <div className="grid min-h-full place-items-center bg-sunken p-4">
      {kind === "audio" ? (
        <audio {...shared} className="w-full max-w-xl" />
      ) : (
        <video {...shared} className="max-h-[70dvh] max-w-full rounded-md" />
      )}
    </div>
  );
}
