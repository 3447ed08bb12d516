import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import type { PublishedPackage } from "./packages.ts";

/** Compiles a package's sources to JavaScript and types in `dist`. */
export function emit(one: PublishedPackage, root: string): void {
  const dist = join(one.folder, "dist");
  rmSync(dist, { recursive: true, force: true });
  const config = writeConfig(one, root);
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-p", config], { stdio: "inherit" });
  if (status !== 0) throw new Error(`${one.name}: the compiler ended with ${status}`);
}

/** The repository's own rules, but emitting, and seeing other packages as their users will. */
function writeConfig(one: PublishedPackage, root: string): string {
  const folder = join(root, "node_modules/.cache/millrace");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `tsconfig.${basename(one.folder)}.json`);
  const config = {
    extends: join(root, "tsconfig.json"),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      allowJs: false,
      checkJs: false,
      customConditions: [],
      rootDir: join(one.folder, "src"),
      outDir: join(one.folder, "dist"),
    },
    include: [join(one.folder, "src/**/*.ts")],
  };
  writeFileSync(path, JSON.stringify(config, undefined, 2));
  return path;
}
