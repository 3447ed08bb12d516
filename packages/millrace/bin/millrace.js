#!/usr/bin/env node
// The millrace command. In a checkout it runs the sources, on Node 24 whatever Node started it;
// installed from a registry it runs what was built, and keeps the compiled code for the next start.
import { existsSync } from "node:fs";
import module from "node:module";
import process from "node:process";

const sources = new URL("../src/main.ts", import.meta.url);
const built = new URL("../dist/main.js", import.meta.url);

if (existsSync(sources)) {
  const { ensurePackages, runSource } = await import("../../../scripts/bootstrap.js");
  ensurePackages("runtime");
  runSource("packages/millrace/src/main.ts", process.argv.slice(2));
} else if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(
    `Millrace needs Node 24 or newer; this is ${process.versions.node}. See https://nodejs.org\n`,
  );
  process.exitCode = 1;
} else {
  module.enableCompileCache();
  await import(built.href);
}
