import { defineConfig } from "vitest/config";

/** Tests of the page in a real browser against a real server: one after the other, because they share both. */
export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["e2e/**/*.e2e.ts"],
    environment: "node",
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 15_000 } },
    reporters: ["default", "./scripts/count-reporter.ts"],
  },
});
