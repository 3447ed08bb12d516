// Runs a TypeScript file of this repository on Node 24, after installing what is missing:
//   node scripts/run.js [--runtime-only] FILE [ARGUMENT …]
import process from "node:process";
import { ensurePackages, fail, runSource } from "./bootstrap.js";

const args = process.argv.slice(2);
const extent = args[0] === "--runtime-only" ? "runtime" : "all";
if (extent === "runtime") args.shift();
const [file, ...rest] = args;
if (file === undefined) fail("which file? node scripts/run.js FILE [ARGUMENT …]");
ensurePackages(extent);
runSource(file, rest);
