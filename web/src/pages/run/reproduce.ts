import type { RunEnvironment } from "@/api/types";

/** Where the client keeps the difference between its files and the commit (docs/formats/run-environment.md). */
export const diffPath = "runstone/git.diff";

/** A word as a POSIX shell reads it back. */
export const shellQuote = (part: string): string =>
  part !== "" && /^[\w@%+=:,./-]+$/.test(part) ? part : `'${part.replaceAll("'", `'\\''`)}'`;

export const commandOf = (environment: RunEnvironment): string | undefined =>
  environment.command?.map(shellQuote).join(" ");

/** The folder that a clone of a remote makes; nothing that a command would take for an option. */
function folderOf(remote: string): string {
  const last =
    remote
      .replace(/\/+$/, "")
      .replace(/\.git$/, "")
      .split(/[/:]/)
      .pop() ?? "";
  return /^\w[\w.-]*$/.test(last) ? last : "code";
}

/**
 * Commands for a POSIX shell that bring the code of a run back and start it again; empty when nothing is known of either. `diffUrl` is the
 * address of the kept difference, when there is one.
 */
export function reproduce(environment: RunEnvironment, diffUrl: string | undefined): string {
  const { git } = environment;
  const command = commandOf(environment);
  const lines: string[] = [];
  if (git?.remote) {
    const folder = folderOf(git.remote);
    lines.push(`git clone -- ${shellQuote(git.remote)} ${folder}`, `cd ${folder}`);
  }
  if (git && /^[0-9a-f]{4,64}$/i.test(git.commit)) lines.push(`git checkout ${git.commit}`);
  if (git?.dirty)
    lines.push(
      diffUrl
        ? `curl -fsS ${shellQuote(diffUrl)} | git apply`
        : "# Files differed from this commit, and the difference was not kept.",
    );
  if (command) {
    if (command.includes("***")) lines.push("# *** stands for what was kept secret.");
    lines.push(command);
  }
  return lines.join("\n");
}
