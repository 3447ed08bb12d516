/** Makes the published form of every package in its `dist` folder: `npm run build`. */
import { dirname } from "node:path";
import process from "node:process";
import { bundleCommand } from "./bundle.ts";
import { emit } from "./emit.ts";
import { publishedPackages } from "./packages.ts";

const root = dirname(dirname(dirname(import.meta.dirname)));
const began = performance.now();
for (const one of publishedPackages(root)) {
  emit(one, root);
  process.stdout.write(`${one.name} → ${one.folder.slice(root.length + 1)}/dist\n`);
}
await bundleCommand(root);
const seconds = ((performance.now() - began) / 1000).toFixed(1);
process.stdout.write(`millrace, bundled → packages/millrace/dist/main.js (${seconds} s in all)\n`);
