import {
  applyEntryChange,
  type DirectoryNode,
  type EntryChange,
  type TreeNode,
} from "../memory/file-tree.ts";
import type { SurvivalMode } from "./file-journal.ts";
import type { SimRandom } from "./random.ts";

/** Entries that changed together and survive together or not at all. */
interface EntryOperation {
  readonly sequence: number;
  readonly changes: readonly EntryChange[];
}

/** Which names of which directories are durable, and which changes wait for a sync. */
export class EntryJournal {
  readonly #durable = new Map<DirectoryNode, Map<string, TreeNode>>();
  /** Which operation last decided a durable name: an older one that comes later changes nothing. */
  readonly #decided = new Map<DirectoryNode, Map<string, number>>();
  #pending: EntryOperation[] = [];
  #sequence = 0;

  /** Notes entries that change together. */
  change(changes: readonly EntryChange[]): void {
    this.#sequence += 1;
    this.#pending.push({ sequence: this.#sequence, changes });
  }

  /** Makes a directory's entries durable. */
  commit(directory: DirectoryNode): void {
    const staying: EntryOperation[] = [];
    for (const operation of this.#pending) {
      if (operation.changes.some((change) => change.directory === directory)) {
        this.#apply(operation);
      } else {
        staying.push(operation);
      }
    }
    this.#pending = staying;
  }

  /** Makes every directory below `root` what it is after a power loss; that is durable then. */
  afterPowerLoss(root: DirectoryNode, mode: SurvivalMode, random: SimRandom): void {
    const pending = this.#pending;
    this.#pending = [];
    for (const operations of mode === "prefix" ? [pending] : byDirectory(pending)) {
      const everyCount = mode === "everything" ? operations.length : 0;
      const isByChance = mode === "prefix" || mode === "each";
      const count = isByChance ? random.nextInt(operations.length + 1) : everyCount;
      for (const operation of operations.slice(0, count)) this.#apply(operation);
    }
    this.#restore(root);
    this.#decided.clear();
  }

  #restore(directory: DirectoryNode): void {
    directory.entries = new Map(this.#durable.get(directory));
    for (const node of directory.entries.values()) {
      if (node.kind === "directory") this.#restore(node);
    }
  }

  #apply(operation: EntryOperation): void {
    for (const change of operation.changes) {
      const decided = mapOf(this.#decided, change.directory);
      if ((decided.get(change.name) ?? 0) > operation.sequence) continue;
      decided.set(change.name, operation.sequence);
      applyEntryChange(mapOf(this.#durable, change.directory), change);
    }
  }
}

/**
 * Journalling file systems keep the order of changes within a directory: a later name is never
 * there without the earlier ones. Between directories, a sync of one may leave the other behind.
 */
function byDirectory(operations: readonly EntryOperation[]): readonly EntryOperation[][] {
  const groups = new Map<DirectoryNode | undefined, EntryOperation[]>();
  for (const operation of operations) {
    const directory = operation.changes[0]?.directory;
    const group = groups.get(directory) ?? [];
    group.push(operation);
    groups.set(directory, group);
  }
  return [...groups.values()];
}

function mapOf<Key, Value>(maps: Map<Key, Map<string, Value>>, key: Key): Map<string, Value> {
  let map = maps.get(key);
  if (map === undefined) {
    map = new Map();
    maps.set(key, map);
  }
  return map;
}
