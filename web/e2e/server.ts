import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const configuration = process.env.RUNSTONE_TEST_CONFIGURATION ?? "Debug";
const program = fileURLToPath(
  new URL(`../../src/Runstone.Server/bin/${configuration}/net10.0/Runstone.Server.dll`, import.meta.url),
);

/** A server of its own, on a free port, with data that goes away with it. */
export class TestServer {
  readonly address: string;
  #process: ChildProcess;
  readonly #data: string;

  private constructor(address: string, process: ChildProcess, data: string) {
    this.address = address;
    this.#process = process;
    this.#data = data;
  }

  static async start(): Promise<TestServer> {
    if (!existsSync(program)) throw new Error(`${program} is missing: run 'dotnet build src/Runstone.Server' first.`);
    const data = await mkdtemp(join(tmpdir(), "runstone-e2e-"));
    const { address, child } = await listen(data, "0");
    return new TestServer(address, child, data);
  }

  /** Ends the process and keeps its data. */
  async halt(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGTERM");
    await ended;
  }

  /** Starts again after `halt`, at the same address. */
  async resume(): Promise<void> {
    this.#process = (await listen(this.#data, new URL(this.address).port)).child;
  }

  async stop(): Promise<void> {
    await this.halt();
    await rm(this.#data, { recursive: true, force: true });
  }

  post = <T>(path: string, body: unknown): Promise<T> => this.#send<T>("POST", path, body);

  patch = <T>(path: string, body: unknown): Promise<T> => this.#send<T>("PATCH", path, body);

  async #send<T>(method: string, path: string, body: unknown): Promise<T> {
    const response = await fetch(`${this.address}/api/v1${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async delete(path: string): Promise<void> {
    const response = await fetch(`${this.address}/api/v1${path}`, { method: "DELETE" });
    if (!response.ok) throw new Error(`DELETE ${path}: ${response.status} ${await response.text()}`);
  }

  async upload(runId: string, path: string, content: string | Uint8Array): Promise<void> {
    const response = await fetch(`${this.address}/api/v1/runs/${runId}/artifacts/${path}`, {
      method: "PUT",
      body: content as BodyInit,
    });
    if (!response.ok) throw new Error(`PUT ${path}: ${response.status} ${await response.text()}`);
  }
}

async function listen(data: string, port: string): Promise<{ address: string; child: ChildProcess }> {
  const child = spawn("dotnet", [program, "--port", port, "--data", data], { stdio: ["ignore", "pipe", "pipe"] });
  const address = await new Promise<string>((resolve, reject) => {
    let output = "";
    const read = (bytes: Buffer) => {
      output += bytes.toString();
      const match = /http:\/\/127\.0\.0\.1:\d+/.exec(output);
      if (match) resolve(match[0]);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("exit", (code) => reject(new Error(`The server ended with ${code}:\n${output}`)));
  });
  return { address, child };
}
