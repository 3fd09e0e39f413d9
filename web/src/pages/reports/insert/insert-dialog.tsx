import { type ReactNode, useId, useState } from "react";
import { useExperiments, useKeys } from "@/api/queries";
import type { RunInfo } from "@/api/types";
import { useViews } from "@/api/views";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/fields";
import type { Block } from "../blocks/block";
import { describeBlock, type Entries } from "./describe";
import { RunPicker } from "./run-picker";

const empty: Entries = { experiment: "", view: "", filter: "", keys: "", columns: "", path: "", pick: "last" };

/** Asks for what a block needs. Which members a block may have beyond that says docs/formats/report.md. */
export function InsertDialog({
  kind,
  title,
  experimentId,
  onClose,
  onInsert,
}: {
  kind: Block["kind"];
  title: string;
  experimentId: string | undefined;
  onClose: () => void;
  onInsert: (block: Record<string, unknown>) => void;
}) {
  const experiments = useExperiments("active");
  const all = (experiments.data?.pages ?? []).flatMap((page) => page.experiments);
  const [entries, setEntries] = useState<Entries>({ ...empty, experiment: experimentId ?? "" });
  const [runs, setRuns] = useState<RunInfo[]>([]);
  const experiment = entries.experiment || all[0]?.id || "";
  const enter = (change: Partial<Entries>) => setEntries((before) => ({ ...before, ...change }));
  const block = describeBlock(
    kind,
    { ...entries, experiment },
    runs.map((run) => run.id),
  );
  const many = kind === "chart" || kind === "table";
  return (
    <Dialog open onClose={onClose} title={`Insert: ${title.toLowerCase()}`}>
      <form
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (block) onInsert(block);
        }}
      >
        <Field label="Experiment">
          {(id) => (
            <Select
              id={id}
              value={experiment}
              options={all}
              onChange={(next) => {
                enter({ experiment: next, view: "" });
                setRuns([]);
              }}
            />
          )}
        </Field>
        {experiment !== "" && (
          <RunPicker key={experiment} experimentId={experiment} many={many} chosen={runs} onChange={setRuns} />
        )}
        {many && runs.length === 0 && experiment !== "" && (
          <ViewField experimentId={experiment} value={entries.view} onChange={(view) => enter({ view })} />
        )}
        {many && runs.length === 0 && (
          <Field label="Filter" hint="Runs that match when the report is read">
            {(id) => (
              <TextField
                id={id}
                value={entries.filter}
                placeholder="metrics.loss < 0.5 and params.lr = 0.1"
                onChange={(event) => enter({ filter: event.target.value })}
              />
            )}
          </Field>
        )}
        {experiment !== "" && (kind === "chart" || kind === "metric") && (
          <KeysField
            experimentId={experiment}
            many={kind === "chart"}
            value={entries.keys}
            onChange={(keys) => enter({ keys })}
          />
        )}
        {kind === "table" && (
          <Field label="Columns" hint="Separated by commas">
            {(id) => (
              <TextField
                id={id}
                value={entries.columns}
                placeholder="params.lr, metrics.loss:min, duration"
                onChange={(event) => enter({ columns: event.target.value })}
              />
            )}
          </Field>
        )}
        {kind === "image" && (
          <Field label="File of the run">
            {(id) => (
              <TextField
                id={id}
                value={entries.path}
                placeholder="plots/roc.png"
                onChange={(event) => enter({ path: event.target.value })}
              />
            )}
          </Field>
        )}
        <div className="flex justify-end gap-2 pt-1">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={!block}>
            Insert
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Nothing where the experiment has no saved view. */
function ViewField({
  experimentId,
  value,
  onChange,
}: {
  experimentId: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const views = useViews(experimentId).data ?? [];
  if (views.length === 0) return null;
  return (
    <Field label="Saved view" hint="Its filter, order, groups, columns and axis, as they are when the report is read">
      {(id) => <Select id={id} value={value} options={[{ id: "", name: "None" }, ...views]} onChange={onChange} />}
    </Field>
  );
}

interface SelectProps {
  id: string;
  value: string;
  options: readonly { id: string; name: string }[];
  onChange: (value: string) => void;
}

const Select = ({ id, value, options, onChange }: SelectProps) => (
  <select
    id={id}
    value={value}
    onChange={(event) => onChange(event.target.value)}
    className="h-8 w-full rounded-md border border-line-strong bg-surface px-2 text-sm"
  >
    {options.map((one) => (
      <option key={one.id} value={one.id}>
        {one.name}
      </option>
    ))}
  </select>
);

function KeysField({
  experimentId,
  many,
  value,
  onChange,
}: {
  experimentId: string;
  many: boolean;
  value: string;
  onChange: (value: string) => void;
}) {
  const names = useKeys(experimentId);
  const list = useId();
  return (
    <Field label={many ? "Metrics" : "Metric"} {...(many ? { hint: "Separated by commas, a chart each" } : {})}>
      {(id) => (
        <>
          <TextField
            id={id}
            list={list}
            value={value}
            placeholder="val/loss"
            onChange={(event) => onChange(event.target.value)}
          />
          <datalist id={list}>
            {(names.data?.metrics ?? []).slice(0, 500).map((key) => (
              <option key={key} value={key} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

function Field({ label, hint, children }: { label: string; hint?: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-xs font-medium text-ink-2">
        {label}
        {hint && <span className="font-normal text-ink-3"> · {hint}</span>}
      </label>
      {children(id)}
    </div>
  );
}
