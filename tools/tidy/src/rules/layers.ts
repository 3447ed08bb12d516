import { posix } from "node:path";
import type { Rule, Subject } from "../rule.ts";
import type { Import, SourceFile } from "../source-file.ts";
import type { Workspace } from "../workspace.ts";
import { folderOf, rootDevDependencies, workspacesOf } from "../workspace.ts";

/**
 * Which package may import which: the layers of ARCHITECTURE.md. A package that is not listed may
 * import nothing, so a new one needs a line here, and that line needs a thought.
 */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  platform: [],
  protocol: [],
  zookeeper: ["platform"],
  storage: ["platform", "protocol"],
  coordinators: ["platform", "protocol"],
  metadata: ["platform", "protocol"],
  client: ["platform", "protocol"],
  broker: ["platform", "protocol", "storage", "coordinators", "metadata"],
  millrace: ["platform", "protocol", "client", "storage", "coordinators", "metadata", "broker"],
};

/** Parts of Node that compute and touch nothing outside the process. */
const pureModules = new Set([
  "node:buffer",
  // Channels that whoever wants to trace subscribes to; nothing happens without subscribers.
  "node:diagnostics_channel",
  "node:path",
  "node:path/posix",
  "node:util",
  "node:url",
]);

/** Names of other parts of Node that only compute. `createRequire` loads a codec's binary. */
const pureNames: Readonly<Record<string, RegExp | undefined>> = {
  "node:zlib": /Sync$|^constants$|^crc32$/,
  "node:crypto": /^(createHash|createHmac|timingSafeEqual|pbkdf2Sync|createDecipheriv)$/,
  "node:module": /^createRequire$/,
};

/** Imports go down the layers, by name, to what package.json declares. */
export const layers: Rule = {
  name: "layers",
  check(subject) {
    const workspaces = workspacesOf(subject.repository);
    const shared = rootDevDependencies(subject.repository);
    return subject.sources.flatMap((source) => {
      const workspace = workspaces.get(folderOf(source.path) ?? "");
      if (workspace === undefined) return [];
      return source.imports.flatMap((taken) => {
        const message = objection({ source, taken, workspace, shared, subject });
        return message === undefined ? [] : [{ path: source.path, line: taken.line, message }];
      });
    });
  },
};

interface Case {
  readonly source: SourceFile;
  readonly taken: Import;
  readonly workspace: Workspace;
  readonly shared: ReadonlySet<string>;
  readonly subject: Subject;
}

function objection(given: Case): string | undefined {
  const { specifier } = given.taken;
  if (specifier.startsWith(".")) return relativeObjection(given);
  if (specifier.startsWith("node:")) return nodeObjection(given);
  return packageObjection(given);
}

function relativeObjection({ source, taken, workspace }: Case): string | undefined {
  const target = posix.join(posix.dirname(source.path), taken.specifier);
  if (target.startsWith(`${workspace.folder}/`)) return undefined;
  return `${taken.specifier} leaves ${workspace.folder}: import the other package by its name`;
}

function nodeObjection({ source, taken }: Case): string | undefined {
  const { specifier } = taken;
  if (!source.path.startsWith("packages/") || !source.path.includes("/src/")) return undefined;
  if (pureModules.has(specifier) || knowsTheWorld(source.path)) return undefined;
  const allowed = pureNames[specifier];
  const other = taken.names.find((name) => allowed?.test(name) !== true);
  if (allowed !== undefined && taken.names.length > 0) {
    return (
      other && `${other} of ${specifier} waits or takes chance: use what @millrace/platform gives`
    );
  }
  return `${specifier} is the world: reach it through a port of @millrace/platform`;
}

function knowsTheWorld(path: string): boolean {
  return (
    path.startsWith("packages/platform/src/node/") ||
    path.startsWith("packages/millrace/") ||
    /^packages\/[^/]+\/src\/main\.ts$/.test(path)
  );
}

function packageObjection(given: Case): string | undefined {
  const { source, taken, workspace, shared } = given;
  const [scope = "", second] = taken.specifier.split("/");
  const name = scope.startsWith("@") ? `${scope}/${second}` : scope;
  if (name === workspace.name) return undefined;
  const isTest = !source.path.includes("/src/") || !workspace.folder.startsWith("packages/");
  const isDeclared =
    workspace.dependencies.has(name) ||
    (isTest && (workspace.devDependencies.has(name) || shared.has(name)));
  if (!isDeclared) return `${name} is not declared in ${workspace.folder}/package.json`;
  return directionObjection(workspace, name);
}

function directionObjection(workspace: Workspace, name: string): string | undefined {
  const isOurs = name.startsWith("@millrace/") || name === "millrace";
  if (!isOurs || !workspace.folder.startsWith("packages/")) return undefined;
  const importer = workspace.folder.slice("packages/".length);
  const allowed = mayImport[importer];
  if (allowed === undefined) return `${importer} has no line in tools/tidy's layers: give it one`;
  if (allowed.includes(name.replace("@millrace/", ""))) return undefined;
  const below = allowed.length === 0 ? "no other package" : allowed.join(", ");
  return `${importer} may not import ${name}: it may import ${below}; declare a port and have it supplied from above`;
}
