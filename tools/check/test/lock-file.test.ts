import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

interface LockedPackage {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly hasInstallScript?: boolean;
}

const path = join(import.meta.dirname, "../../../package-lock.json");
const { packages } = JSON.parse(readFileSync(path, "utf8")) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};

test("the lock file names the binaries of every platform, without which npm ci refuses it", () => {
  const missing = Object.values(packages)
    .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
    .filter((name) => !Object.keys(packages).some((key) => key.endsWith(`node_modules/${name}`)));
  assert.deepEqual(missing, [], "npm install leaves out what the registry does not have");
});

test("no package has an install script but esbuild, which runs without it", () => {
  const withScript = Object.entries(packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript === true)
    .map(([key]) => key);
  assert.deepEqual(withScript, ["node_modules/esbuild"]);
});
