import { join } from "node:path";
import { build } from "esbuild";

/**
 * What stays a package of its own: native code, WebAssembly that is read from beside its module,
 * and CommonJS that asks for Node's modules while it runs. All but the first two are loaded only
 * when they are needed.
 */
const installed = [
  "@platformatic/wasm-utils",
  "@node-rs/crc32",
  "@jitl/quickjs-wasmfile-release-sync",
  "quickjs-emscripten-core",
  "jq-wasm",
  "yaml",
];

/**
 * Bundles the command with the broker into `dist/main.js`: one file is read at a start instead of
 * hundreds, and what is imported later stays in files of its own.
 */
export async function bundleCommand(root: string): Promise<void> {
  const folder = join(root, "packages/millrace");
  await build({
    entryPoints: {
      main: join(folder, "src/bundle-main.ts"),
      worker: join(folder, "src/worker.ts"),
    },
    outdir: join(folder, "dist"),
    allowOverwrite: true,
    bundle: true,
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    format: "esm",
    platform: "node",
    target: "node24",
    conditions: ["@millrace/source"],
    external: installed,
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    sourcemap: "linked",
    sourcesContent: false,
    logLevel: "warning",
  });
}
