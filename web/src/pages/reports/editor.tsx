import { Check, X } from "lucide-react";
import { useDeferredValue, useEffect, useRef, useState } from "react";
import { ApiError } from "@/api/http";
import { getReport, type ReportText, saveReport } from "@/api/reports";
import type { Report } from "@/api/types";
import { Button } from "@/ui/button";
import { cx } from "@/ui/classes";
import { Choice } from "@/ui/fields";
import { notify, notifyError } from "@/ui/toast";
import { fence } from "./blocks/pieces";
import { type Draft, keepDraft, readDraft } from "./draft";
import { InsertMenu } from "./insert/insert-menu";
import { ReportBody } from "./report-body";

/** Writes a report: text on the left, how it reads on the right. What is not saved stays in this browser. */
export default function Editor({ report, onClose }: { report: Report; onClose: () => void }) {
  const [start] = useState(() => readDraft(report.id));
  const [draft, setDraft] = useState<Draft>(start ?? fresh(report));
  const [newer, setNewer] = useState<Report>();
  const [busy, setBusy] = useState(false);
  const [pane, setPane] = useState<"write" | "read">("write");
  const area = useRef<HTMLTextAreaElement>(null);
  const cursor = useRef<number>(undefined);
  const body = useDeferredValue(draft.body);
  const dirty = draft.title !== report.newest.title || draft.body !== (report.newest.body ?? "");

  useEffect(() => {
    if (!keepDraft(report.id, dirty ? draft : undefined))
      notifyError(
        "This browser has no room for a draft",
        new Error("Save often: what is not saved goes with this tab."),
      );
  }, [report.id, draft, dirty]);

  const write = (change: Partial<ReportText>) => setDraft((before) => ({ ...before, ...change }));

  const save = async (on: number) => {
    setBusy(true);
    try {
      await saveReport(report.id, on, { title: draft.title.trim(), body: draft.body });
      keepDraft(report.id, undefined);
      notify("Saved as a new version");
      onClose();
      return;
    } catch (cause) {
      if (cause instanceof ApiError && cause.code === "conflict")
        setNewer(await getReport(report.id).catch(() => undefined));
      else notifyError("The report was not saved; your text is still here", cause);
    }
    setBusy(false);
  };

  const insert = (block: Record<string, unknown>) => {
    const at = cursor.current ?? draft.body.length;
    const before = draft.body.slice(0, at).trimEnd();
    const after = draft.body.slice(at).trimStart();
    write({ body: `${before === "" ? "" : `${before}\n\n`}${fence(block)}\n\n${after}` });
    area.current?.focus();
  };

  return (
    <div className="flex h-[calc(100dvh-3rem)] flex-col">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2 sm:px-5">
        <input
          aria-label="Title"
          value={draft.title}
          maxLength={200}
          onChange={(event) => write({ title: event.target.value })}
          className="h-8 min-w-0 grow basis-48 rounded-md border border-transparent bg-transparent px-2 text-lg font-semibold hover:border-line focus:border-accent focus:outline-2 focus:-outline-offset-1 focus:outline-accent"
        />
        <div className="lg:hidden">
          <Choice
            label="Pane"
            value={pane}
            onChange={setPane}
            options={[
              ["write", "Write"],
              ["read", "Read"],
            ]}
          />
        </div>
        <InsertMenu experimentId={report.experimentId} onInsert={insert} />
        <Button
          onClick={() => {
            keepDraft(report.id, undefined);
            onClose();
          }}
        >
          <X />
          {dirty ? "Discard" : "Close"}
        </Button>
        <Button
          look="primary"
          disabled={busy || !dirty || draft.title.trim() === ""}
          title="Ctrl Enter"
          onClick={() => void save(draft.on)}
        >
          <Check />
          Save
        </Button>
      </div>
      {start && <Notice text="This is what you wrote before and did not save." />}
      {newer && (
        <Notice
          text={`Version ${newer.newest.number} was saved by ${newer.newest.person} meanwhile. Yours is still here.`}
        >
          <Button
            look="ghost"
            className="text-warn"
            onClick={() => window.open(`/reports/${report.id}`, "_blank", "noopener")}
          >
            Open theirs
          </Button>
          <Button look="ghost" className="text-warn" onClick={() => void save(newer.newest.number)}>
            Save mine on top
          </Button>
        </Notice>
      )}
      <div className="grid min-h-0 grow lg:grid-cols-2">
        <textarea
          ref={area}
          aria-label="Report in Markdown"
          spellCheck
          value={draft.body}
          onChange={(event) => write({ body: event.target.value })}
          onSelect={(event) => {
            cursor.current = event.currentTarget.selectionStart;
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || busy || !dirty) return;
            event.preventDefault();
            void save(draft.on);
          }}
          className={cx(
            "size-full resize-none border-line bg-surface px-5 py-4 font-mono text-sm leading-6 -outline-offset-2 lg:block lg:border-r",
            pane === "read" && "hidden",
          )}
        />
        <div className={cx("min-w-0 overflow-auto px-5 py-4 lg:block", pane === "write" && "hidden")}>
          <ReportBody body={body} />
        </div>
      </div>
    </div>
  );
}

const fresh = ({ newest }: Report): Draft => ({ on: newest.number, title: newest.title, body: newest.body ?? "" });

const Notice = ({ text, children }: { text: string; children?: React.ReactNode }) => (
  <div role="status" className="flex flex-wrap items-center gap-2 bg-warn-soft px-5 py-1.5 text-sm text-warn">
    <span className="grow">{text}</span>
    {children}
  </div>
);
