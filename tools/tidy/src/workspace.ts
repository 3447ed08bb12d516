import type { Repository } from "./repository.ts";

/** What a workspace's package.json says that rules need. */
export interface Workspace {
  /** `packages/broker`. */
  readonly folder: string;
  /** `@millrace/broker`. */
  readonly name: string;
  readonly dependencies: ReadonlySet<string>;
  readonly devDependencies: ReadonlySet<string>;
}

interface Manifest {
  readonly name?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Every workspace, by folder. */
export function workspacesOf(repository: Repository): ReadonlyMap<string, Workspace> {
  const found = new Map<string, Workspace>();
  for (const path of repository.paths) {
    const folder = /^((?:packages|tools|tests)\/[^/]+)\/package\.json$/.exec(path)?.[1];
    if (folder === undefined) continue;
    const manifest = JSON.parse(repository.read(path)) as Manifest;
    found.set(folder, {
      folder,
      name: manifest.name ?? folder,
      dependencies: new Set([
        ...Object.keys(manifest.dependencies ?? {}),
        ...Object.keys(manifest.optionalDependencies ?? {}),
        ...Object.keys(manifest.peerDependencies ?? {}),
      ]),
      devDependencies: new Set(Object.keys(manifest.devDependencies ?? {})),
    });
  }
  return found;
}

/** What the top folder's package.json offers to every test. */
export function rootDevDependencies(repository: Repository): ReadonlySet<string> {
  if (!repository.has("package.json")) return new Set();
  const manifest = JSON.parse(repository.read("package.json")) as Manifest;
  return new Set(Object.keys(manifest.devDependencies ?? {}));
}

/** `packages/broker` of `packages/broker/src/api/00-produce.ts`. */
export function folderOf(path: string): string | undefined {
  return /^((?:packages|tools|tests)\/[^/]+)\//.exec(path)?.[1];
}
