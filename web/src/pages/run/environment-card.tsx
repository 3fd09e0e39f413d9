import type { ReactNode } from "react";
import type { RunEnvironment } from "@/api/types";
import { formatBytes, formatCount } from "@/state/format";
import { Card } from "@/ui/card";
import { CopyButton } from "@/ui/copy";

/** Machine, runtime and packages. */
export function EnvironmentCard({ environment: env }: { environment: RunEnvironment }) {
  const packages = Object.entries(env.packages ?? {}).sort(([a], [b]) => a.localeCompare(b));
  return (
    <Card title="Environment">
      <dl className="py-1.5">
        <Line name="Host">{env.host}</Line>
        <Line name="System">{[env.os, env.architecture].filter(Boolean).join(", ")}</Line>
        <Line name="Runtime">{env.runtime}</Line>
        <Line name="Processor">{[env.cpu, env.cpuCount && `${env.cpuCount} threads`].filter(Boolean).join(", ")}</Line>
        <Line name="Memory">{env.memory && formatBytes(env.memory)}</Line>
        {env.gpus?.map((gpu, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: equal cards have equal names
          <Line key={index} name={env.gpus?.length === 1 ? "Graphics" : `Graphics ${index}`}>
            {[gpu.name, gpu.memory && formatBytes(gpu.memory), gpu.driver && `driver ${gpu.driver}`]
              .filter(Boolean)
              .join(", ")}
          </Line>
        ))}
        <Line name="Process">{env.processId}</Line>
        <Line name="Client">{env.client}</Line>
      </dl>
      {packages.length > 0 && (
        <details className="border-t border-line">
          <summary className="px-4 py-2.5 text-ink-2 hover:text-ink">Packages ({formatCount(packages.length)})</summary>
          <div className="flex justify-end px-2">
            <CopyButton
              text={packages.map(([name, version]) => `${name}==${version}`).join("\n")}
              label="Copy all packages with their versions"
            >
              Copy all
            </CopyButton>
          </div>
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

/** A fact with its name; nothing where it is not known. */
export function Line({ name, children }: { name: string; children: ReactNode }) {
  if (!children) return null;
  return (
    <div className="grid grid-cols-[6rem_minmax(0,1fr)] gap-3 px-4 py-1">
      <dt className="text-ink-2">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}
