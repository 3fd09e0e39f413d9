import type { ReactNode } from "react";
import type { RunEnvironment } from "@/api/types";
import { formatBytes, formatCount, shorten } from "@/state/format";
import { Card } from "@/ui/card";
import { CopyButton } from "@/ui/copy";

/** Code, command and machine, and how to run it again. */
export function EnvironmentCard({ environment: env }: { environment: RunEnvironment }) {
  const command = env.command?.map(shellQuote).join(" ");
  const packages = Object.entries(env.packages ?? {}).sort(([a], [b]) => a.localeCompare(b));
  return (
    <Card title="Code and machine">
      {command && (
        <div className="flex items-start gap-2 border-b border-line bg-sunken py-2 pr-2 pl-4">
          <code className="min-w-0 grow whitespace-pre-wrap break-words py-0.5 font-mono text-xs">{command}</code>
          <CopyButton text={command} label="Copy the command" />
        </div>
      )}
      <dl className="py-1.5">
        {env.git && (
          <Line name="Commit">
            <CopyButton text={env.git.commit} label="Copy the commit" className="-ml-1">
              {shorten(env.git.commit, 10)}
            </CopyButton>
            {env.git.dirty && (
              <span
                className="ml-1.5 rounded-sm bg-warn-soft px-1.5 text-2xs font-medium text-warn"
                title="Tracked files differed from the commit"
              >
                changed files
              </span>
            )}
          </Line>
        )}
        <Line name="Branch">{env.git?.branch}</Line>
        <Line name="Repository">{env.git?.remote}</Line>
        <Line name="Folder">{env.workingDirectory}</Line>
        <Line name="Host">{env.host}</Line>
        <Line name="System">{[env.os, env.architecture].filter(Boolean).join(", ")}</Line>
        <Line name="Runtime">{env.runtime}</Line>
        <Line name="Processor">{[env.cpu, env.cpuCount && `${env.cpuCount} threads`].filter(Boolean).join(", ")}</Line>
        <Line name="Memory">{env.memory && formatBytes(env.memory)}</Line>
        <Line name="Graphics">
          {env.gpus
            ?.map((gpu) => [gpu.name, gpu.memory && formatBytes(gpu.memory)].filter(Boolean).join(", "))
            .join("; ")}
        </Line>
        <Line name="Client">{env.client}</Line>
      </dl>
      {packages.length > 0 && (
        <details className="border-t border-line">
          <summary className="px-4 py-2.5 text-ink-2 hover:text-ink">Packages ({formatCount(packages.length)})</summary>
          <ul className="max-h-72 overflow-auto px-4 pb-3 font-mono text-xs leading-5">
            {packages.map(([name, version]) => (
              <li key={name} className="flex justify-between gap-4">
                <span className="truncate">{name}</span>
                <span className="text-ink-2">{version}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}

const shellQuote = (part: string): string =>
  /^[\w@%+=:,./-]+$/.test(part) ? part : `'${part.replaceAll("'", `'\\''`)}'`;

function Line({ name, children }: { name: string; children: ReactNode }) {
  if (!children) return null;
  return (
    <div className="grid grid-cols-[6rem_minmax(0,1fr)] gap-3 px-4 py-1">
      <dt className="text-ink-2">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}
