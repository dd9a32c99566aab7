// Bundles every test/*.test.ts (Node 20 reads no TypeScript) and runs them with node --test.
import { spawnSync } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
// Inside node_modules, so that the packages left outside the bundles are found from there.
const OUT = join(HERE, "..", "node_modules", ".cache", "arena-tests");

const tests = (await readdir(HERE)).filter((name) => name.endsWith(".test.ts"));
await rm(OUT, { recursive: true, force: true });
await build({
  entryPoints: tests.map((name) => join(HERE, name)),
  outdir: OUT,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "node20",
  sourcemap: "inline",
  logLevel: "warning",
});
const files = tests.map((name) => join(OUT, name.replace(/\.ts$/, ".mjs")));
const { status } = spawnSync(
  process.execPath,
  ["--enable-source-maps", "--test", "--test-reporter=spec", ...files],
  {
    stdio: "inherit",
  },
);
process.exit(status ?? 1);
