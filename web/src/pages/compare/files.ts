import type { ArtifactInfo } from "@/api/types";
import { byName } from "./differences";

export interface FileRow {
  path: string;
  /** One a run; absent where the run has no such file. */
  files: (ArtifactInfo | undefined)[];
  differs: boolean;
  /** For each run which of the contents it has, from 0 in the order in which they occur; -1 without the file. */
  versions: number[];
}

/** The files of runs beside each other, a row a path; the same content has the same number. */
export function compareFiles(runs: readonly (readonly ArtifactInfo[])[]): FileRow[] {
  const rows = new Map<string, (ArtifactInfo | undefined)[]>();
  runs.forEach((files, run) => {
    for (const file of files) {
      const row = rows.get(file.path) ?? new Array<ArtifactInfo | undefined>(runs.length).fill(undefined);
      row[run] = file;
      rows.set(file.path, row);
    }
  });
  return [...rows]
    .sort(([a], [b]) => byName(a, b))
    .map(([path, files]) => {
      const known = new Map<string, number>();
      const versions = files.map((file) => {
        if (!file) return -1;
        const content = file.sha256 ?? `${file.size} ${file.updatedAt}`;
        const version = known.get(content) ?? known.size;
        known.set(content, version);
        return version;
      });
      return { path, files, versions, differs: new Set(versions).size > 1 };
    });
}
