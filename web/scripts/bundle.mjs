// Builds, checks that what the first page needs stays within its budget, and compresses every text file beside itself.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const limit = 250 * 1024;
const folder = "dist";

await build({ logLevel: "warn" });

const manifestFile = join(folder, ".vite/manifest.json");
const manifest = JSON.parse(readFileSync(manifestFile, "utf8"));
rmSync(join(folder, ".vite"), { recursive: true });

const compressed = new Map();
for (const entry of readdirSync(folder, { recursive: true })) {
  const name = String(entry).replaceAll("\\", "/");
  if (!/\.(js|css|html|svg)$/.test(name)) continue;
  const packed = gzipSync(readFileSync(join(folder, name)), { level: 9 });
  writeFileSync(join(folder, `${name}.gz`), packed);
  compressed.set(name, packed.length);
}

const first = new Set();
const visit = (key) => {
  const chunk = manifest[key];
  if (first.has(chunk.file)) return;
  first.add(chunk.file);
  for (const style of chunk.css ?? []) first.add(style);
  for (const next of chunk.imports ?? []) visit(next);
};
visit("index.html");

const total = [...first].reduce((sum, file) => sum + compressed.get(file), 0);
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;
console.log(`The first page loads ${kib(total)} (gzip) in ${first.size} files; the limit is ${kib(limit)}.`);
if (total > limit) {
  console.error("That is too much: import what the first page does not need on demand.");
  process.exit(1);
}
