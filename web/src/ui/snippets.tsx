import { useState } from "react";
import { CopyButton } from "./copy";
import { Choice } from "./fields";

type Client = "python" | "csharp" | "curl";

/** What a newcomer pastes to see a first run, with this server's address in it. */
export function snippet(client: Client, origin: string, experiment: string): string {
  const quoted = JSON.stringify(experiment);
  if (client === "python")
    return `# pip install mlflow
import mlflow

mlflow.set_tracking_uri("${origin}")
mlflow.set_experiment(${quoted})

with mlflow.start_run(run_name="first"):
    mlflow.log_param("lr", 0.01)
    for step in range(100):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)`;
  if (client === "csharp")
    return `// dotnet add reference runstone/src/Runstone.Client
using Runstone.Client;

await using var client = new TrackingClient("${origin}");
await using var run = await client.StartRunAsync(${quoted});

run.LogParam("lr", 0.01);
for (var step = 0; step < 100; step++)
    run.Log("loss", 1.0 / (step + 1), step);`;
  return `run=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \\n')

curl ${origin}/api/v1/runs -H 'Content-Type: application/json' \\
  -d '{"id":"'$run'","experiment":${quoted.replaceAll("'", "'\\''")},"name":"first"}'

curl ${origin}/api/v1/runs/$run/log -H 'Content-Type: application/json' -d '{
  "params": {"lr": "0.01"},
  "metrics": {"keys": ["loss"], "key": [0,0,0], "step": [0,1,2], "value": [1,0.5,0.33]},
  "status": "finished"
}'`;
}

export function Snippets({ experiment }: { experiment: string }) {
  const [client, setClient] = useState<Client>("python");
  const code = snippet(client, window.location.origin, experiment);
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-surface text-left shadow-card">
      <div className="flex items-center justify-between border-b border-line p-2">
        <Choice
          label="Client"
          value={client}
          onChange={setClient}
          options={[
            ["python", "Python · MLflow"],
            ["csharp", "C#"],
            ["curl", "curl"],
          ]}
        />
        <CopyButton text={code} label="Copy the snippet" className="mr-1" />
      </div>
      <pre tabIndex={0} className="h-60 overflow-auto px-4 py-3 font-mono text-xs leading-5">
        {code}
      </pre>
    </div>
  );
}
