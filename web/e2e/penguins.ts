import type { Browser } from "playwright-core";
import { launch } from "./browser";
import { type SeededRun, seedFiles, seedRun } from "./seed";
import { TestServer } from "./server";

/** A server, a browser, and an experiment of 30 runs of which three are nested in another; the first one has files. */
export interface Penguins {
  server: TestServer;
  browser: Browser;
  runs: readonly SeededRun[];
  /** The run that was made as number `index`, from 0. */
  runOf: (index: number) => SeededRun;
  experimentId: string;
  experimentUrl: string;
  stop: () => Promise<void>;
}

export const experimentName = "penguin-species";

export async function startPenguins(): Promise<Penguins> {
  const [server, browser] = await Promise.all([TestServer.start(), launch()]);
  const runs: SeededRun[] = [];
  for (let index = 0; index < 30; index++) {
    const parent = index % 10 === 1 ? runs[index - 1]?.id : undefined;
    runs.push(await seedRun(server, experimentName, index, parent ? { parentId: parent } : {}));
  }
  const runOf = (index: number): SeededRun => {
    const run = runs[index];
    if (!run) throw new Error(`There is no seeded run ${index}`);
    return run;
  };
  await seedFiles(server, runOf(0).id);
  const page = await fetch(`${server.address}/api/v1/experiments?limit=100`).then((response) => response.json());
  const experimentId = page.experiments.find((one: { name: string }) => one.name === experimentName).id;
  return {
    server,
    browser,
    runs,
    runOf,
    experimentId,
    experimentUrl: `${server.address}/experiments/${experimentId}`,
    stop: async () => {
      await browser.close();
      await server.stop();
    },
  };
}
