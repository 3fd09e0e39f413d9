import type { EChartsCoreOption } from "echarts/core";
import { type ReactNode, type RefObject, useCallback, useRef } from "react";
import { failureOf } from "@/api/queries";
import { PanelMessage } from "@/panels/message";
import { type Exports, usePanelPage } from "@/panels/page-context";
import { type Columns, useColumns } from "@/panels/queries";
import type { RunSource } from "@/panels/source";
import { formatCount, plural } from "@/state/format";
import { Skeleton } from "@/ui/state-views";
import { toPng } from "../line/save";
import { EChart } from "./echart";

export const footHeight = 26;

/** What of the runs a panel shows, so that nobody takes a part for the whole. */
export function describeRuns(source: RunSource, columns: Columns, drawn: number): string {
  const read = columns.runs.length;
  const of = columns.complete ? "" : ` of ${formatCount(columns.total)}${columns.exact ? "" : "+"}`;
  const all = source.kind === "search" && columns.complete ? "All " : columns.complete ? "" : "First ";
  const text = `${all}${formatCount(read)}${of} ${read === 1 ? "run" : "runs"}`;
  const missing = read - drawn;
  return missing > 0 ? `${text}; ${formatCount(missing)} lack a value` : text;
}

interface RunWiseProps {
  /** What has to be chosen before anything can be drawn; absent when all is. */
  missing: string | undefined;
  fields: readonly string[];
  height: number;
  children: (columns: Columns) => ReactNode;
}

/** Reads fields of all runs of the page, and says what is going on until they are there. */
export function RunWise({ missing, fields, height, children }: RunWiseProps) {
  const { source } = usePanelPage();
  const columns = useColumns(source, fields, missing === undefined);
  const failure = failureOf(columns);
  if (missing !== undefined) return <PanelMessage text={missing} height={height} />;
  if (failure) return <PanelMessage text={`Could not be read. ${failure.message}`} height={height} bad />;
  if (!columns.data) return <Skeleton className="mx-3 h-[calc(100%-1rem)]" />;
  if (columns.data.runs.length === 0) return <PanelMessage text="No runs" height={height} />;
  return children(columns.data);
}

/** A line of small letters below a picture. */
export const Foot = ({ children }: { children: ReactNode }) => (
  <div style={{ height: footHeight }} className="flex items-center gap-3 px-3 text-2xs text-ink-3">
    {children}
  </div>
);

interface DrawnProps {
  option: EChartsCoreOption;
  height: number;
  title: string;
  note: string;
  exports: RefObject<Exports>;
  csv: () => string;
  onPick?: (item: { series: number; index: number }) => void;
}

/** A picture by ECharts with its note, and what it can be saved as. */
export function Drawn({ option, height, title, note, exports, csv, onPick }: DrawnProps) {
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef(csv);
  latest.current = csv;
  const onReady = useCallback(
    (toSvg: () => string) => {
      exports.current = {
        png: async () => (host.current ? await toPng(host.current, title) : undefined),
        svg: toSvg,
        csv: () => latest.current(),
      };
    },
    [exports, title],
  );
  return (
    <>
      <div ref={host}>
        <EChart
          option={option}
          height={height - footHeight}
          label={`${title}. ${note}`}
          onReady={onReady}
          {...(onPick ? { onPick } : {})}
        />
      </div>
      <Foot>
        <span className="truncate" title={note}>
          {note}
        </span>
      </Foot>
    </>
  );
}

const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The fields of all runs that were read, as a table. */
export function columnsCsv(columns: Columns, fields: readonly string[]): string {
  const lines = [["run", ...fields].map(quoted).join(",")];
  columns.runs.forEach((run, at) => {
    const cells = fields.map((field) => quoted(String(columns.values.get(field)?.[at] ?? "")));
    lines.push([run, ...cells].join(","));
  });
  return `${lines.join("\n")}\n`;
}

export const tableCsv = (heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  `${[heads, ...rows].map((row) => row.map((cell) => quoted(String(cell))).join(",")).join("\n")}\n`;

export const countRuns = (count: number): string => plural(count, "run");
