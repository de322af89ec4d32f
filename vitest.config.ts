import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// Workspace packages are taken from their TypeScript source, in tests as in scripts.
const conditions = ["tandem-source"];

export default defineConfig({
  resolve: { conditions: [...conditions, "module", "browser", "development|production", "default"] },
  ssr: { resolve: { conditions: [...conditions, "module", "node", "development|production", "default"] } },
  test: {
    include: ["packages/*/src/**/*.test.{ts,tsx}", "e2e/**/*.test.ts", "scripts/**/*.test.ts"],
    execArgv: ["--conditions=tandem-source"],
    // Most of the long tests wait for servers and browsers: one worker would leave half of the machine idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 90_000,
  },
});
