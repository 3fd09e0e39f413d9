import type { RunDetails } from "@/api/types";
import { formatBytes } from "@/state/format";
import { commandOf } from "../run/reproduce";
import { byName, type DifferenceSection, textRow } from "./differences";

/** Code, machine and packages of runs, a row a fact; facts that no run has are left out. */
export function surroundings(runs: readonly RunDetails[]): DifferenceSection[] {
  const all = runs.map((run) => run.environment);
  const row = (key: string, pick: (environment: NonNullable<RunDetails["environment"]>) => string | undefined) =>
    textRow(
      key,
      all.map((environment) => (environment && pick(environment)) || undefined),
    );
  const packages = [...new Set(all.flatMap((environment) => Object.keys(environment?.packages ?? {})))].sort(byName);
  return [
    {
      title: "Code",
      rows: [
        row("command", commandOf),
        row("commit", ({ git }) => git?.commit),
        row("branch", ({ git }) => git?.branch),
        row("repository", ({ git }) => git?.remote),
        row("changed files", ({ git }) => git && (git.dirty ? (git.diffSha256?.slice(0, 12) ?? "yes") : "none")),
        row("folder", (environment) => environment.workingDirectory),
      ],
    },
    {
      title: "Environment",
      rows: [
        row("host", ({ host }) => host),
        row("system", ({ os, architecture }) => [os, architecture].filter(Boolean).join(", ")),
        row("runtime", ({ runtime }) => runtime),
        row("processor", ({ cpu, cpuCount }) => [cpu, cpuCount && `${cpuCount} threads`].filter(Boolean).join(", ")),
        row("memory", ({ memory }) => (memory ? formatBytes(memory) : undefined)),
        row("graphics", ({ gpus }) => gpus?.map((gpu) => gpu.name).join(", ")),
        row("driver", ({ gpus }) => [...new Set(gpus?.flatMap((gpu) => gpu.driver ?? []))].join(", ")),
        row("client", ({ client }) => client),
      ],
    },
    { title: "Packages", rows: packages.map((name) => row(name, (environment) => environment.packages?.[name])) },
  ].map((section) => ({
    ...section,
    rows: section.rows.filter((one) => one.cells.some((cell) => cell !== undefined)),
  }));
}
