import { IoError } from "../errors.ts";
import type { DirectoryEntry, FileStat } from "../file-system.ts";
import { FileContent } from "./content.ts";

/** A file, which lives on without a name while somebody has it open. */
export class FileNode {
  readonly kind = "file";
  content = new FileContent();
  modifiedMs = 0;
}

/** A directory: names and what they stand for. */
export class DirectoryNode {
  readonly kind = "directory";
  entries = new Map<string, TreeNode>();
  modifiedMs = 0;
}

/** What a name can stand for. */
export type TreeNode = FileNode | DirectoryNode;

/** A change of one entry; `node` is undefined when the name is removed. */
export interface EntryChange {
  readonly directory: DirectoryNode;
  readonly name: string;
  readonly node: TreeNode | undefined;
}

/** What a tree tells about itself; called before the change, so that throwing prevents it. */
export interface TreeObserver {
  /** Entries change together: one, or both sides of a rename. */
  entriesChange(operation: string, path: string, changes: readonly EntryChange[]): void;
}

/** A path taken apart: the directory it is in, and its last name. */
interface Place {
  readonly directory: DirectoryNode;
  readonly name: string;
}

/** Names, directories and files in memory: what all file systems but the real one share. */
export class FileTree {
  root = new DirectoryNode();
  readonly #nowMs: () => number;
  readonly #observer: TreeObserver | undefined;

  constructor(nowMs: () => number, observer?: TreeObserver) {
    this.#nowMs = nowMs;
    this.#observer = observer;
  }

  /** What a path stands for; undefined when there is nothing. */
  find(path: string): TreeNode | undefined {
    let node: TreeNode | undefined = this.root;
    for (const name of namesOf(path)) {
      if (node?.kind !== "directory") return undefined;
      node = node.entries.get(name);
    }
    return node;
  }

  /** As FileSystem.stat. */
  stat(path: string): FileStat | undefined {
    const node = this.find(path);
    if (node === undefined) return undefined;
    const sizeBytes = node.kind === "file" ? node.content.sizeBytes : 0;
    return { kind: node.kind, sizeBytes, modifiedMs: node.modifiedMs };
  }

  /** The file of a path. @throws IoError ENOENT, EISDIR. */
  file(operation: string, path: string): FileNode {
    const node = this.find(path);
    if (node === undefined) throw failure(operation, path, "ENOENT");
    if (node.kind !== "file") throw failure(operation, path, "EISDIR");
    return node;
  }

  /** The directory of a path. @throws IoError ENOENT, ENOTDIR. */
  directory(operation: string, path: string): DirectoryNode {
    const node = this.find(path);
    if (node === undefined) throw failure(operation, path, "ENOENT");
    if (node.kind !== "directory") throw failure(operation, path, "ENOTDIR");
    return node;
  }

  /** Makes an empty file. @throws IoError ENOENT when its directory is absent. */
  createFile(path: string): FileNode {
    const { directory, name } = this.#placeOf("open", path);
    const node = new FileNode();
    node.modifiedMs = this.#nowMs();
    this.#change("create", path, [{ directory, name, node }]);
    return node;
  }

  /** As FileSystem.makeDirectory. */
  makeDirectory(path: string): void {
    let directory = this.root;
    let reached = path.startsWith("/") ? "" : ".";
    for (const name of namesOf(path)) {
      reached += `/${name}`;
      let node = directory.entries.get(name);
      if (node === undefined) {
        node = new DirectoryNode();
        node.modifiedMs = this.#nowMs();
        this.#change("makeDirectory", reached, [{ directory, name, node }]);
      }
      if (node.kind !== "directory") throw failure("make directory", path, "ENOTDIR");
      directory = node;
    }
  }

  /** As FileSystem.rename. */
  rename(from: string, to: string): void {
    const source = this.#placeOf("rename", from);
    const target = this.#placeOf("rename", to);
    const node = source.directory.entries.get(source.name);
    if (node === undefined) throw failure("rename", from, "ENOENT");
    const replaced = target.directory.entries.get(target.name);
    if (replaced === node) return;
    if (replaced?.kind === "directory") {
      if (node.kind === "file") throw failure("rename", to, "EISDIR");
      if (replaced.entries.size > 0) throw failure("rename", to, "ENOTEMPTY");
    } else if (replaced !== undefined && node.kind === "directory") {
      throw failure("rename", to, "ENOTDIR");
    }
    this.#change("rename", from, [
      { ...source, node: undefined },
      { ...target, node },
    ]);
  }

  /** As FileSystem.removeFile. */
  removeFile(path: string): void {
    const node = this.find(path);
    if (node === undefined) return;
    if (node.kind === "directory") throw failure("remove", path, "EISDIR");
    this.#change("remove", path, [{ ...this.#placeOf("remove", path), node: undefined }]);
  }

  /** As FileSystem.removeDirectory: what is inside goes first, one entry after the other. */
  removeDirectory(path: string): void {
    const node = this.find(path);
    if (node === undefined) return;
    if (node.kind === "directory") {
      for (const name of [...node.entries.keys()].sort()) this.removeDirectory(`${path}/${name}`);
    }
    this.#change("remove", path, [{ ...this.#placeOf("remove", path), node: undefined }]);
  }

  /** As FileSystem.readDirectory. */
  list(path: string): readonly DirectoryEntry[] {
    return [...this.directory("list", path).entries]
      .map(([name, node]): DirectoryEntry => ({ name, kind: node.kind }))
      .sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  #placeOf(operation: string, path: string): Place {
    const names = namesOf(path);
    const name = names.pop();
    if (name === undefined) throw failure(operation, path, "EBUSY");
    let directory = this.root;
    for (const parent of names) {
      const node = directory.entries.get(parent);
      if (node === undefined) throw failure(operation, path, "ENOENT");
      if (node.kind !== "directory") throw failure(operation, path, "ENOTDIR");
      directory = node;
    }
    return { directory, name };
  }

  #change(operation: string, path: string, changes: readonly EntryChange[]): void {
    this.#observer?.entriesChange(operation, path, changes);
    for (const change of changes) applyEntryChange(change.directory.entries, change);
    const nowMs = this.#nowMs();
    for (const change of changes) change.directory.modifiedMs = nowMs;
  }
}

/** Sets or removes one name. */
export function applyEntryChange(entries: Map<string, TreeNode>, change: EntryChange): void {
  if (change.node === undefined) entries.delete(change.name);
  else entries.set(change.name, change.node);
}

/** The error of an operation, worded as the real file system's. */
export function failure(operation: string, path: string, systemCode: string): IoError {
  return new IoError(`${operation} of ${path} failed: ${systemCode}`, { path, systemCode });
}

/** The names of a path, from the root on; `.`, `..` and double slashes are resolved. */
function namesOf(path: string): string[] {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "" || name === ".") continue;
    if (name === "..") names.pop();
    else names.push(name);
  }
  return names;
}
