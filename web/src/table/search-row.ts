import type { RunColumns, RunRow } from "@/api/types";
import type { Column, ColumnKind } from "./columns";
import type { Value } from "./rows/reader";

/** What a search of runs has to answer with so that these columns can be shown. */
export function wantedKeys(columns: readonly Column[]): RunColumns {
  const of = (kind: ColumnKind) => [
    ...new Set(columns.filter((column) => column.kind === kind).map((column) => column.key)),
  ];
  return {
    metrics: of("metric"),
    params: of("param"),
    tags: of("tag"),
    inputs: columns.some((column) => column.id === "datasets"),
  };
}

/** The value of a column in a row of such an answer. */
export function valueIn(row: RunRow, column: Column): Value {
  if (column.kind === "param") return row.params[column.key] ?? null;
  if (column.kind === "tag") return row.tags[column.key] ?? null;
  if (column.kind === "attribute") return attributeIn(row, column.id);
  const summary = row.metrics[column.key];
  const pick = /:(min|max)$/.exec(column.field ?? "")?.[1] as "min" | "max" | undefined;
  return summary?.[pick ?? "last"] ?? null;
}

function attributeIn({ info, inputs }: RunRow, id: string): Value {
  const values: Record<string, Value | undefined> = {
    name: info.name,
    status: info.status,
    user: info.user,
    run_id: info.id,
    parent_id: info.parentId,
    start_time: info.startTime,
    end_time: info.endTime,
    datasets: inputs.map(({ dataset }) => `${dataset.name}@${dataset.digest}`).join("\n"),
  };
  return values[id] ?? null;
}
