import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A package of this repository that is published. */
export interface PublishedPackage {
  readonly name: string;
  readonly folder: string;
  /** Names of the packages of this repository that it imports. */
  readonly uses: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Every published package, each after those that it imports. */
export function publishedPackages(root: string): readonly PublishedPackage[] {
  const folder = join(root, "packages");
  const found = readdirSync(folder).map((name) => {
    const path = join(folder, name);
    const manifest = JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as Manifest;
    return { manifest, folder: path };
  });
  const ours = new Set(found.map(({ manifest }) => manifest.name));
  return inOrder(
    found.map(({ manifest, folder: path }) => ({
      name: manifest.name,
      folder: path,
      uses: Object.keys(manifest.dependencies ?? {}).filter((name) => ours.has(name)),
    })),
  );
}

/** Sorts packages so that each comes after those that it uses. */
export function inOrder(packages: readonly PublishedPackage[]): readonly PublishedPackage[] {
  const done: PublishedPackage[] = [];
  const isDone = (name: string): boolean => done.some((one) => one.name === name);
  while (done.length < packages.length) {
    const next = packages.find((one) => !isDone(one.name) && one.uses.every(isDone));
    if (next === undefined) throw new Error("the packages import each other in a circle");
    done.push(next);
  }
  return done;
}
