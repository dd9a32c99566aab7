// Builds web/dist: one script and one style sheet per entry, hashed names, and the manifest that
// the templates' asset() reads: {"main.ts": {"file": "…js", "css": ["…css"]}, "idea.ts": {…}, …}.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = dirname(fileURLToPath(import.meta.url));
const DIST = join(ROOT, "dist");
const SHEETS = [
  "arena",
  "catalogues",
  "experts",
  "feasibility",
  "following",
  "harvest",
  "judging",
  "measures",
  "merging",
  "moderation",
  "people",
  "process",
  "suggestions",
  "talking",
  "versions",
];
const ICONS = ["icon.svg", "icon-180.png", "icon-192.png", "icon-512.png", "icon-maskable-512.png"];
const ENTRIES = [
  "main.ts",
  "idea.ts",
  "board.ts",
  "boards.ts",
  "workshop.ts",
  "wall.ts",
  "tables.ts",
  "present.ts",
  "official.ts",
  "similar.ts",
  "replay.ts",
  ...[
    "arena",
    "people",
    "catalogues",
    "process",
    "measures",
    "moderation",
    "feasibility",
    "experts",
    "versions",
    "suggestions",
    "judging",
    "following",
  ].map((name) => `css/${name}.css`),
  "similar.ts",
  "worker.ts",
  "offline.ts",
  "device.ts",
  ...ICONS.map((name) => `icons/${name}`),
  ...SHEETS.map((name) => `css/${name}.css`),
];

await rm(DIST, { recursive: true, force: true });
await mkdir(DIST, { recursive: true });

const { metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: ENTRIES.map((entry) => `src/${entry}`),
  outdir: DIST,
  entryNames: "[name].[hash]",
  assetNames: "[name].[hash]",
  bundle: true,
  loader: { ".svg": "copy", ".png": "copy" },
  format: "esm",
  target: ["es2023", "chrome123", "firefox121", "safari17.5"],
  minify: true,
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

const manifest = {};
for (const [path, output] of Object.entries(metafile.outputs)) {
  const entry = output.entryPoint && basename(output.entryPoint);
  if (!ENTRIES.some((each) => basename(each) === entry)) continue;
  const css = output.cssBundle ? [basename(output.cssBundle)] : [];
  manifest[entry] = { file: basename(path), css };
}
await writeFile(join(DIST, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
