// Builds the page into the server's wwwroot: installs packages when the lock file is newer, builds beside, puts files in place, index.html last.
// Two builds at the same time are safe: the second waits for the first and then finds nothing to do. Exit code 3: no packages.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const web = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(web, "../src/Runstone.Server/wwwroot");
const lock = join(web, ".build-lock");
const beside = join(web, "dist");
const force = process.argv.includes("--force");
const waitAtMost = 5 * 60_000;

const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

function newest(path) {
  if (!statSync(path).isDirectory()) return /\.test\.ts$/.test(path) ? 0 : modified(path);
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function isUpToDate() {
  const built = modified(join(target, "index.html"));
  const sources = ["src", "public", "index.html", "vite.config.ts", "package.json", "package-lock.json"];
  return built > 0 && sources.every((name) => newest(join(web, name)) <= built);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause.code === "EPERM";
  }
}

/** A folder is made by one process only; the lock of a process that died is taken over. */
function takeLock() {
  const until = Date.now() + waitAtMost;
  const owner = join(lock, "pid");
  for (;;) {
    try {
      mkdirSync(lock);
      writeFileSync(owner, String(process.pid));
      return;
    } catch (cause) {
      if (cause.code !== "EEXIST") throw cause;
    }
    const pid = existsSync(owner) ? Number(readFileSync(owner, "utf8")) : 0;
    const abandoned = pid > 0 ? !isAlive(pid) : Date.now() - modified(lock) > 10_000;
    if (abandoned) rmSync(lock, { recursive: true, force: true });
    else if (Date.now() > until)
      throw new Error(`Another build of the page holds ${lock} for too long. Delete it when no build runs.`);
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
}

function npm(args, code) {
  // npm is a script on Windows; one command line is what every shell understands.
  const result = spawnSync(`npm ${args}`, { cwd: web, stdio: "inherit", shell: true });
  if (result.status !== 0) {
    rmSync(lock, { recursive: true, force: true });
    process.exit(code ?? result.status ?? 1);
  }
}

function place() {
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(beside))
    if (name !== "index.html") cpSync(join(beside, name), join(target, name), { recursive: true, force: true });
  cpSync(join(beside, "index.html"), join(target, "index.html.new"));
  renameSync(join(target, "index.html.new"), join(target, "index.html"));
  const fresh = new Set(readdirSync(join(beside, "assets")));
  for (const name of readdirSync(join(target, "assets")))
    if (!fresh.has(name)) rmSync(join(target, "assets", name), { force: true });
  rmSync(beside, { recursive: true, force: true });
}

takeLock();
try {
  if (force || !isUpToDate()) {
    if (modified(join(web, "node_modules/.package-lock.json")) < modified(join(web, "package-lock.json")))
      npm("ci --no-audit --no-fund", 3);
    npm("run bundle");
    place();
  }
} finally {
  rmSync(lock, { recursive: true, force: true });
}
