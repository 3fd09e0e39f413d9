import type { RunInfo } from "../src/api/types";
import type { TestServer } from "./server";

const models = ["forest", "boosted", "linear"];
const rates = [0.1, 0.03, 0.01, 0.003];

export interface SeededRun {
  id: string;
  name: string;
}

/** Points of the metrics of one run: a loss that falls, an accuracy that rises, one spike and one NaN. */
function points(index: number, steps: number) {
  const keys = ["loss", "val/loss", "accuracy", "val/accuracy", "grad_norm", "system/cpu.percent"];
  const columns = { keys, key: [] as number[], step: [] as number[], value: [] as (number | string)[] };
  const speed = 2 + ((index * 7) % 5);
  for (let step = 0; step < steps; step++) {
    const t = step / steps;
    const wave = Math.sin(step * 1.7 + index) * 0.02;
    const fall = Math.exp(-speed * t);
    const values = [
      step === 40 ? "NaN" : 0.1 + 1.6 * fall + Math.abs(wave),
      0.16 + 1.7 * fall + Math.abs(wave) + (t > 0.6 ? (t - 0.6) * 0.2 * (index % 3) : 0),
      0.95 - 0.5 * fall + wave / 4,
      0.92 - 0.5 * fall + wave / 4 - (index % 4) * 0.01,
      Math.abs(2 * fall + wave * 10) + (step === 70 ? 25 : 0),
      45 + 30 * Math.sin(step / 9) + wave * 100,
    ];
    values.forEach((value, key) => {
      columns.key.push(key);
      columns.step.push(step);
      columns.value.push(value);
    });
  }
  return columns;
}

export async function seedRun(
  server: TestServer,
  experiment: string,
  index: number,
  options: { steps?: number; status?: string; parentId?: string; start?: number } = {},
): Promise<SeededRun> {
  const model = models[index % models.length] as string;
  const rate = rates[index % rates.length] as number;
  const status = options.status ?? (index % 11 === 4 ? "failed" : "finished");
  const start = options.start ?? Date.now() - 3_600_000 - index * 420_000;
  const run = await server.post<RunInfo>("/runs", {
    experiment,
    name: `${model}-${String(index).padStart(3, "0")}`,
    user: ["ana", "jonas", "mei"][index % 3],
    startTime: start,
    notes:
      index === 0
        ? "The **baseline** of this week.\n\n- deeper trees overfit\n- next: `learning_rate` below 0.01\n\n| split | rows |\n|---|---|\n| train | 274 |\n| test | 70 |"
        : "",
    tags: { "git.branch": "main", ...(index % 4 === 0 ? { stage: "candidate" } : {}) },
    ...(options.parentId ? { parentId: options.parentId } : {}),
    ...(index === 0 ? { environment } : {}),
  });
  await server.post(`/runs/${run.id}/log`, {
    params: {
      model,
      learning_rate: String(rate),
      batch_size: String([16, 32, 64][index % 3]),
      depth: String(index % 9),
    },
    metrics: points(index, options.steps ?? 120),
    inputs: [{ dataset, tags: { context: "train" } }],
    ...(status === "running" ? {} : { status, endTime: start + 200_000 + index * 31_000 }),
  });
  return { id: run.id, name: run.name };
}

const dataset = {
  name: "penguins",
  digest: `sha256:${"9f2c7d0a81b3c4d5".repeat(4)}`,
  sourceType: "local",
  source: "data/penguins.csv",
};

const environment = {
  command: ["python", "train.py", "--trees", "200"],
  workingDirectory: "/home/ana/penguins",
  host: "forge-2",
  git: {
    commit: "4f5e6d7c8b9a0f1e2d3c4b5a69788796a5b4c3d2",
    branch: "main",
    remote: "git@example.org:ml/penguins.git",
    dirty: true,
    diffSha256: "9f".repeat(32),
  },
  os: "Debian 12",
  architecture: "x64",
  runtime: "Python 3.12.4",
  cpu: "AMD EPYC 7B13",
  cpuCount: 16,
  memory: 68_719_476_736,
  packages: { numpy: "2.1.0", pandas: "2.2.3", "scikit-learn": "1.6.0" },
};

const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="240" viewBox="0 0 3 3">
<rect width="3" height="3" fill="#fff"/><rect width="1" height="1" fill="#5847d1"/><rect x="1" y="1" width="1" height="1" fill="#7566e0"/>
<rect x="2" y="2" width="1" height="1" fill="#4839b5"/><rect x="1" width="1" height="1" fill="#e9e6fb"/></svg>`;

/** One file of each kind that has a preview, and one that has none. */
export async function seedFiles(server: TestServer, runId: string): Promise<void> {
  const rows = Array.from({ length: 2500 }, (_, row) => `${row},${(1 / (row + 1)).toFixed(5)},"row ${row}, quoted"`);
  const lines = Array.from(
    { length: 40_000 },
    (_, line) => `epoch ${line} loss=${(1 / (line + 1)).toFixed(6)} an ordinary line`,
  );
  await server.upload(runId, "metrics.csv", ["epoch,loss,comment", ...rows].join("\n"));
  await server.upload(
    runId,
    "config.json",
    JSON.stringify({ model: { kind: "forest", trees: 200 }, seed: 42, notes: null }),
  );
  await server.upload(
    runId,
    "README.md",
    "# Card\n\nTrained on **penguins**.\n\n<script>window.hacked = true</script>\n",
  );
  await server.upload(runId, "logs/train.log", lines.join("\n"));
  await server.upload(runId, "plots/confusion.svg", picture);
  await server.upload(runId, "model/model.bin", new Uint8Array(4096));
}
