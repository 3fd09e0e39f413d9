import { ArrowLeft, Download } from "lucide-react";
import { folderUrl } from "@/api/artifacts";
import { failureOf, useArtifacts } from "@/api/queries";
import { useAddress } from "@/state/search";
import { Button } from "@/ui/button";
import { cx } from "@/ui/classes";
import { EmptyState, ErrorState, Skeleton } from "@/ui/state-views";
import { FilePane } from "./artifact/file-pane";
import { Tree } from "./artifact/tree";

/** Files of a run: a tree, and the file that the address names. On a narrow screen one of the two. */
export function Artifacts({ runId }: { runId: string }) {
  const [search, change] = useAddress();
  const rootList = useArtifacts(runId, "");
  const file = search.file;
  const failure = failureOf(rootList);
  if (failure)
    return <ErrorState what="The files could not be listed" error={failure} onRetry={() => void rootList.refetch()} />;
  if (!rootList.data) return <Skeleton className="m-6 h-96" />;
  if (rootList.data.entries.length === 0)
    return (
      <EmptyState title="No files yet" className="py-20">
        Models, plots, tables and logs that the run uploads appear here.
      </EmptyState>
    );
  return (
    <div className="grid lg:h-[calc(100dvh-3rem-9.25rem)] lg:min-h-[28rem] lg:grid-cols-[20rem_minmax(0,1fr)] lg:grid-rows-[minmax(0,1fr)]">
      <nav aria-label="Files" className={cx("overflow-auto border-line py-2 lg:border-r", file && "hidden lg:block")}>
        <a
          href={folderUrl(runId)}
          download
          className="mx-2 mb-1 flex h-8 items-center gap-2 rounded-md px-2 text-sm text-ink-2 hover:bg-hover hover:text-ink"
        >
          <Download className="size-4" />
          All files as zip
        </a>
        <Tree runId={runId} open={file} onOpen={(path) => change({ file: path })} />
      </nav>
      <div className={cx("min-h-0 min-w-0 flex-col", file ? "flex" : "hidden lg:flex")}>
        {file && (
          <Button look="ghost" className="m-2 mb-0 self-start lg:hidden" onClick={() => change({ file: undefined })}>
            <ArrowLeft />
            All files
          </Button>
        )}
        {file ? (
          <FilePane key={file} runId={runId} path={file} />
        ) : (
          <EmptyState title="Choose a file to see it" className="h-full" />
        )}
      </div>
    </div>
  );
}
