import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { ProxyOptions } from "vite";
import { defineConfig } from "vitest/config";

const server = process.env.RUNSTONE_DEV_SERVER ?? "http://127.0.0.1:5000";

// The server changes nothing for a page of another origin; this page stands in for its own.
const proxied: ProxyOptions = {
  target: server,
  configure: (proxy) => proxy.on("proxyReq", (request) => request.removeHeader("origin")),
};

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  plugins: [react(), tailwindcss()],
  // A worker that is one file cannot load what only few need.
  worker: { format: "es" },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2023",
    manifest: true,
  },
  server: { host: "127.0.0.1", proxy: { "/api": proxied, "/openapi": proxied, "/docs": proxied } },
  test: {
    include: ["src/**/*.test.ts"],
    environment: "node",
    reporters: ["default", "./scripts/count-reporter.ts"],
  },
});
