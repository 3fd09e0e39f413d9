import { lazy, Suspense, useState } from "react";
import { artifactUrl } from "@/api/calls";
import type { RunEnvironment } from "@/api/types";
import { shorten } from "@/state/format";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { CopyButton } from "@/ui/copy";
import { Dialog } from "@/ui/dialog";
import { Skeleton } from "@/ui/state-views";
import { Line } from "./environment-card";
import { commandOf, diffPath, reproduce } from "./reproduce";

const FileView = lazy(() => import("./artifact/file-view").then((module) => ({ default: module.FileView })));

/** Command, commit and difference, and the commands that bring them back. */
export function CodeCard({ runId, environment: env }: { runId: string; environment: RunEnvironment }) {
  const [open, setOpen] = useState(false);
  const command = commandOf(env);
  const kept = env.git?.dirty && env.git.diffSha256 !== undefined;
  const steps = reproduce(env, kept ? window.location.origin + artifactUrl(runId, diffPath) : undefined);
  if (!command && !env.git && !env.workingDirectory) return null;
  return (
    <Card title="Code">
      {command && <Snippet text={command} label="Copy the command" />}
      <dl className="py-1.5">
        {env.git && (
          <Line name="Commit">
            <CopyButton text={env.git.commit} label="Copy the commit" className="-ml-1">
              {shorten(env.git.commit, 10)}
            </CopyButton>
            {env.git.dirty && (
              <span
                className="ml-1.5 rounded-sm bg-warn-soft px-1.5 text-2xs font-medium text-warn"
                title="Tracked files differed from the commit"
              >
                changed files
              </span>
            )}
            {kept && (
              <Button look="ghost" className="ml-1 h-6 px-1.5 text-accent" onClick={() => setOpen(true)}>
                Show the difference
              </Button>
            )}
          </Line>
        )}
        <Line name="Branch">{env.git?.branch}</Line>
        <Line name="Repository">{env.git?.remote}</Line>
        <Line name="Folder">{env.workingDirectory}</Line>
      </dl>
      {env.git && steps !== "" && (
        <details className="border-t border-line">
          <summary className="px-4 py-2.5 text-ink-2 hover:text-ink">How to reproduce</summary>
          <Snippet text={steps} label="Copy the commands that reproduce the run" />
        </details>
      )}
      <Dialog open={open} onClose={() => setOpen(false)} title="Difference from the commit" wide>
        <Suspense fallback={<Skeleton className="h-64" />}>
          <div className="-mx-5 border-t border-line">
            <FileView runId={runId} path={diffPath} />
          </div>
        </Suspense>
      </Dialog>
    </Card>
  );
}

const Snippet = ({ text, label }: { text: string; label: string }) => (
  <div className="flex items-start gap-2 border-b border-line bg-sunken py-2 pr-2 pl-4 last:border-b-0">
    <code className="min-w-0 grow whitespace-pre-wrap break-words py-0.5 font-mono text-xs">{text}</code>
    <CopyButton text={text} label={label} />
  </div>
);
