import { useState } from "react";
import { formatCount } from "@/state/format";
import { Button } from "@/ui/button";
import { cx } from "@/ui/classes";
import type { DiffLine, FileDiff } from "./diff";

const step = 1000;

/** The files of a difference, each under its name with what was added and removed. */
export function DiffFiles({ files }: { files: readonly FileDiff[] }) {
  return (
    <div className="divide-y divide-line">
      {files.map((file, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same path may stand twice
        <details key={index} open={files.length <= 8 && file.lines.length <= step}>
          <summary className="flex items-center gap-3 px-4 py-2 hover:bg-hover/60">
            <span className="min-w-0 grow truncate font-mono text-xs" title={file.path}>
              {file.path}
            </span>
            <Changed added={file.added} removed={file.removed} />
          </summary>
          {file.remark ? (
            <p className="px-4 pb-2 text-xs text-ink-3">{file.remark}</p>
          ) : (
            <DiffLines label={`Changes of ${file.path}`} lines={file.lines} />
          )}
        </details>
      ))}
    </div>
  );
}

export const Changed = ({ added, removed }: { added: number; removed: number }) => (
  <span className="num shrink-0 text-xs">
    <span className="text-ok" title={`${added} lines added`}>
      +{formatCount(added)}
    </span>{" "}
    <span className="text-bad" title={`${removed} lines removed`}>
      −{formatCount(removed)}
    </span>
  </span>
);

const looks = { same: "", old: "bg-bad-soft", new: "bg-ok-soft", gap: "bg-sunken text-ink-3" };
const signs = { same: " ", old: "−", new: "+", gap: "" };

/** Lines of a difference with their numbers on either side; a very long one grows on demand. */
export function DiffLines({ label, lines }: { label: string; lines: readonly DiffLine[] }) {
  const [shown, setShown] = useState(step);
  return (
    <section
      tabIndex={0}
      aria-label={label}
      className="overflow-x-auto border-t border-line font-mono text-xs leading-5 -outline-offset-2"
    >
      <table className="min-w-full border-collapse">
        <tbody>
          {lines.slice(0, shown).map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line belongs to its place
            <tr key={index} className={looks[line.kind]}>
              <LineNumber value={line.oldLine} />
              <LineNumber value={line.newLine} />
              <td className={cx("w-5 select-none text-center", line.kind === "old" ? "text-bad" : "text-ok")}>
                {signs[line.kind]}
                {line.kind === "old" && <span className="sr-only">removed</span>}
                {line.kind === "new" && <span className="sr-only">added</span>}
              </td>
              <td className="whitespace-pre pr-4">{line.text || " "}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {lines.length > shown && (
        <Button look="ghost" className="m-1" onClick={() => setShown(shown + step)}>
          {formatCount(lines.length - shown)} more lines
        </Button>
      )}
    </section>
  );
}

const LineNumber = ({ value }: { value: number | undefined }) => (
  <td className="num w-10 min-w-10 select-none pr-2 text-right text-ink-3">{value}</td>
);
