import type { Watcher, WatchEvent } from "./watch-event.ts";

/** The kinds of watches that a server keeps for a session. */
export type WatchKind = "data" | "exist" | "child" | "persistent" | "persistentRecursive";

/** The paths of all watches, by kind: what a server is told after a reconnection. */
export type WatchedPaths = Readonly<Record<WatchKind, readonly string[]>>;

type Change = Extract<
  WatchEvent,
  { readonly type: "created" | "deleted" | "dataChanged" | "childrenChanged" }
>;

/** Which one-shot watches a change of a node fires. */
const firedBy: Readonly<Record<Change["type"], readonly ("data" | "exist" | "child")[]>> = {
  created: ["data", "exist"],
  dataChanged: ["data", "exist"],
  deleted: ["data", "exist", "child"],
  childrenChanged: ["child"],
};

/** The watches of a session, by kind and path. The server knows a path once for each kind. */
export class WatchTable {
  readonly #byKind: Readonly<Record<WatchKind, Map<string, Set<Watcher>>>> = {
    data: new Map(),
    exist: new Map(),
    child: new Map(),
    persistent: new Map(),
    persistentRecursive: new Map(),
  };

  add(kind: WatchKind, path: string, watcher: Watcher): void {
    const paths = this.#byKind[kind];
    const watchers = paths.get(path);
    if (watchers === undefined) paths.set(path, new Set([watcher]));
    else watchers.add(watcher);
  }

  /** Removes a watch; @returns whether the server need no longer tell of the path at all. */
  remove(kind: WatchKind, path: string, watcher: Watcher): boolean {
    const watchers = this.#byKind[kind].get(path);
    if (watchers === undefined || !watchers.delete(watcher)) return false;
    if (watchers.size === 0) this.#byKind[kind].delete(path);
    return !Object.values(this.#byKind).some((paths) => paths.has(path));
  }

  /** Gives whom a change concerns, and forgets those that hear of one change only. */
  take(change: Change): readonly Watcher[] {
    const found = new Set<Watcher>();
    for (const kind of firedBy[change.type]) {
      for (const watcher of this.#byKind[kind].get(change.path) ?? []) found.add(watcher);
      this.#byKind[kind].delete(change.path);
    }
    for (const watcher of this.#byKind.persistent.get(change.path) ?? []) found.add(watcher);
    // A recursive watch tells of nodes that come and go; lists of children would say it twice.
    if (change.type !== "childrenChanged") this.#addRecursive(change.path, found);
    return [...found];
  }

  paths(): WatchedPaths {
    return {
      data: [...this.#byKind.data.keys()],
      exist: [...this.#byKind.exist.keys()],
      child: [...this.#byKind.child.keys()],
      persistent: [...this.#byKind.persistent.keys()],
      persistentRecursive: [...this.#byKind.persistentRecursive.keys()],
    };
  }

  /** Every persistent watch with its path. */
  persistent(): readonly (readonly [path: string, watcher: Watcher])[] {
    return [...pairs(this.#byKind.persistent), ...pairs(this.#byKind.persistentRecursive)];
  }

  /** Gives every watch with its path, and forgets them all. */
  takeAll(): readonly (readonly [path: string, watcher: Watcher])[] {
    const all = Object.values(this.#byKind).flatMap((paths) => pairs(paths));
    for (const paths of Object.values(this.#byKind)) paths.clear();
    return all;
  }

  #addRecursive(path: string, found: Set<Watcher>): void {
    const recursive = this.#byKind.persistentRecursive;
    if (recursive.size === 0) return;
    for (let at = path; ; at = parentOf(at)) {
      for (const watcher of recursive.get(at) ?? []) found.add(watcher);
      if (at === "/") return;
    }
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

function pairs(
  paths: ReadonlyMap<string, ReadonlySet<Watcher>>,
): readonly (readonly [path: string, watcher: Watcher])[] {
  return [...paths].flatMap(([path, watchers]) =>
    [...watchers].map((watcher) => [path, watcher] as const),
  );
}
