import type { IoError } from "../errors.ts";
import { type DirectoryNode, type FileNode, FileTree, failure } from "../memory/file-tree.ts";
import type { SimClock } from "./clock.ts";
import { type CrashKind, SimCrash } from "./crash.ts";
import { EntryJournal } from "./entry-journal.ts";
import type { EventHash } from "./event-hash.ts";
import { type DiskOperation, FaultPlan } from "./fault-plan.ts";
import { FileJournal, type SurvivalMode } from "./file-journal.ts";
import type { SimRandom } from "./random.ts";

/** What a simulated disk is made with. */
export interface SimDiskOptions {
  readonly clock: SimClock;
  readonly random: SimRandom;
  readonly events: EventHash;
  /** Bytes that all files together may have; without end when not given. */
  readonly capacityBytes?: number;
}

/** How long a simulated disk takes for a sync or a cold read, at least and beyond that. */
const latencyMsMin = 0.2;
const latencyMsSpread = 2;

/** What a disk without an end says is free. */
const freeBytesWithoutEnd = 2 ** 40;

/** After a power loss, the same mode for all files half of the time gives the clean cases. */
const survivalModes: readonly SurvivalMode[] = ["nothing", "everything", "prefix", "each", "each"];

/**
 * A disk with a page cache: knows what is durable and what is not, counts the operations that
 * change something, stops the machine at one of them, and shows planned faults.
 */
export class SimDisk {
  readonly tree: FileTree;
  readonly faults = new FaultPlan();
  readonly locked = new Set<string>();
  readonly clock: SimClock;
  readonly random: SimRandom;
  readonly #events: EventHash;
  readonly #entries = new EntryJournal();
  readonly #files = new Map<FileNode, FileJournal>();
  #capacityBytes: number;
  #changeCount = 0;
  /** A disk that says that it has synced and has not: to see whether a test would notice. */
  isLying = false;
  #crashAtChange = Number.POSITIVE_INFINITY;
  #hasCrashed = false;
  #generation = 0;

  constructor(options: SimDiskOptions) {
    this.clock = options.clock;
    this.random = options.random;
    this.#events = options.events;
    this.#capacityBytes = options.capacityBytes ?? Number.POSITIVE_INFINITY;
    this.tree = new FileTree(() => this.clock.nowMs(), {
      entriesChange: (operation, path, changes) => {
        if (this.count(entryOperation(operation), path)) {
          this.crash();
          throw new SimCrash();
        }
        this.#entries.change(changes);
      },
    });
  }

  /** Changes so far: writes, truncations, syncs, entries; what `crashAtChange` counts. */
  changeCount(): number {
    return this.#changeCount;
  }

  /** Stops the machine in the change of this number, counted from 1. */
  crashAtChange(number: number): void {
    this.#crashAtChange = number;
  }

  /** Whether the machine has stopped. */
  hasCrashed(): boolean {
    return this.#hasCrashed;
  }

  /** Which life of the machine this is; what was opened in an earlier one is dead. */
  generation(): number {
    return this.#generation;
  }

  /** Sets how much fits. */
  setCapacity(capacityBytes: number): void {
    this.#capacityBytes = capacityBytes;
  }

  /** Bytes that all files together take. */
  usedBytes(): number {
    return usedBytes(this.tree.root);
  }

  /** Bytes that fit on it when it is empty. */
  totalBytes(): number {
    return Math.min(this.#capacityBytes, freeBytesWithoutEnd);
  }

  /** Bytes that still fit. */
  freeBytes(): number {
    if (this.#capacityBytes === Number.POSITIVE_INFINITY) return freeBytesWithoutEnd;
    return Math.max(0, this.#capacityBytes - this.usedBytes());
  }

  /** Stops the machine now. */
  crash(): void {
    this.#hasCrashed = true;
    this.#events.add("crash");
  }

  /** Starts the machine again with what its disk holds. */
  restart(kind: CrashKind): void {
    if (kind === "powerLoss") this.#losePower();
    this.#hasCrashed = false;
    this.#crashAtChange = Number.POSITIVE_INFINITY;
    this.#generation += 1;
    this.locked.clear();
    this.clock.endLife();
    this.#events.add(`restart ${kind}`);
  }

  /** The journal of a file. */
  journalOf(node: FileNode): FileJournal {
    let journal = this.#files.get(node);
    if (journal === undefined) {
      journal = new FileJournal();
      this.#files.set(node, journal);
    }
    return journal;
  }

  /** Makes a directory's entries durable. */
  commitEntries(directory: DirectoryNode): void {
    this.#entries.commit(directory);
  }

  /** Passes an operation that changes nothing. @throws SimCrash, IoError by the fault plan. */
  touch(operation: DiskOperation, path: string): void {
    if (this.#hasCrashed) throw new SimCrash();
    const fault = this.#faultOf(operation, path);
    if (fault !== undefined) throw fault;
  }

  /**
   * Passes an operation that changes something: counts it, then lets it act. When the machine is to
   * stop in it, chance decides whether it still acts.
   * @throws SimCrash, IoError by the fault plan.
   */
  change(operation: DiskOperation, path: string, act: () => void): void {
    if (this.count(operation, path)) {
      if (this.random.happens(2)) act();
      this.crash();
      throw new SimCrash();
    }
    act();
  }

  /**
   * Acts when the disk has had its time. When the machine stops before or in it, nobody hears of
   * it: the promise never settles.
   */
  later<Result>(act: () => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.clock.setTimer(latencyMsMin + this.random.nextFloat() * latencyMsSpread, () => {
        try {
          resolve(act());
        } catch (error) {
          if (!(error instanceof SimCrash)) reject(error);
        }
      });
    });
  }

  /**
   * Counts a change without doing it.
   * @returns true when the machine is to stop in it: the caller does a part of it, then crashes.
   */
  count(operation: DiskOperation, path: string, bytes?: Uint8Array): boolean {
    if (this.#hasCrashed) throw new SimCrash();
    this.#changeCount += 1;
    this.#events.add(`${operation} ${path} ${this.clock.monotonicMs()}`, bytes);
    const fault = this.#faultOf(operation, path);
    if (fault !== undefined) throw fault;
    return this.#changeCount === this.#crashAtChange;
  }

  #faultOf(operation: DiskOperation, path: string): IoError | undefined {
    const systemCode = this.faults.meet(operation, path);
    return systemCode === undefined ? undefined : failure(operation, path, systemCode);
  }

  #losePower(): void {
    const mode = this.random.pick(survivalModes);
    this.#entries.afterPowerLoss(this.tree.root, mode, this.random);
    const reachable = new Set(filesBelow(this.tree.root));
    for (const node of this.#files.keys()) {
      if (!reachable.has(node)) this.#files.delete(node);
    }
    for (const node of reachable) {
      const journal = this.journalOf(node);
      node.content = journal.afterPowerLoss(mode, this.random);
    }
  }
}

function entryOperation(operation: string): DiskOperation {
  if (operation === "create" || operation === "rename" || operation === "makeDirectory") {
    return operation;
  }
  return "remove";
}

function filesBelow(directory: DirectoryNode): readonly FileNode[] {
  const files: FileNode[] = [];
  for (const node of directory.entries.values()) {
    if (node.kind === "file") files.push(node);
    else files.push(...filesBelow(node));
  }
  return files;
}

function usedBytes(directory: DirectoryNode): number {
  return filesBelow(directory).reduce((sum, node) => sum + node.content.occupiedBytes, 0);
}
