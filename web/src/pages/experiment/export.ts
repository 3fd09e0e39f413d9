import { exportTable, type TableSearch } from "@/api/table";
import { notifyError } from "@/ui/toast";

export type ExportFormat = "csv" | "parquet";

/** Saves the runs of a search as a file, with the columns that are shown. */
export async function exportRuns(search: TableSearch, fields: readonly string[], format: ExportFormat): Promise<void> {
  try {
    const file = await exportTable(search, [...new Set(fields.filter((field) => field !== "run_id"))], format);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `runs-${search.experimentIds.join("-")}.${format}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  } catch (cause) {
    notifyError("The runs could not be exported", cause);
  }
}
