import { FileContent } from "../memory/content.ts";
import type { SimRandom } from "./random.ts";

/** A change of a file that no sync has made durable yet. */
type FileChange =
  | {
      readonly sequence: number;
      readonly kind: "write";
      readonly position: number;
      readonly bytes: Uint8Array;
    }
  | { readonly sequence: number; readonly kind: "truncate"; readonly sizeBytes: number };

/** How the unsynced changes of one machine fare when its power fails. */
export type SurvivalMode = "nothing" | "everything" | "prefix" | "each";

/** Disks write sectors of 512 bytes or 4 KiB whole; between two of them power may fail. */
const sectorSizesBytes = [512, 4096] as const;

/** What is durable of a file, and what would be if it were synced now. */
export class FileJournal {
  #durable = new FileContent();
  #pending: FileChange[] = [];
  #sequence = 0;

  /** Notes a write; takes a copy of the bytes. */
  write(bytes: Uint8Array, position: number): void {
    this.#sequence += 1;
    this.#pending.push({ sequence: this.#sequence, kind: "write", position, bytes: bytes.slice() });
  }

  /** Notes a change of size. */
  truncate(sizeBytes: number): void {
    this.#sequence += 1;
    this.#pending.push({ sequence: this.#sequence, kind: "truncate", sizeBytes });
  }

  /** Names all changes so far, for `commit` and `lose`. */
  mark(): number {
    return this.#sequence;
  }

  /** Makes the changes up to a mark durable. */
  commit(mark: number): void {
    for (const change of this.#take(mark)) apply(this.#durable, change);
  }

  /** Forgets the changes up to a mark: after a failed fsync their pages count as clean. */
  lose(mark: number): void {
    this.#take(mark);
  }

  /** Whether everything is durable. */
  isClean(): boolean {
    return this.#pending.length === 0;
  }

  /** The file as it is after a power loss. What it holds then is durable. */
  afterPowerLoss(mode: SurvivalMode, random: SimRandom): FileContent {
    const pending = this.#pending;
    this.#pending = [];
    const survivorCount = mode === "prefix" ? random.nextInt(pending.length + 1) : pending.length;
    for (const [index, change] of pending.entries()) {
      if (mode === "nothing") break;
      if (mode === "everything" || index < survivorCount - 1) apply(this.#durable, change);
      else if (mode === "each") applyByChance(this.#durable, change, random);
      // Of the changes that survive in order, the last may be torn.
      else if (index === survivorCount - 1) applyByChance(this.#durable, change, random);
    }
    return this.#durable.clone();
  }

  /** Takes damage for durable: a bit that flipped on the disk. */
  overwriteDurable(bytes: Uint8Array, position: number): void {
    if (position < this.#durable.sizeBytes) this.#durable.write(bytes, position);
  }

  #take(mark: number): readonly FileChange[] {
    const count = this.#pending.findIndex((change) => change.sequence > mark);
    return this.#pending.splice(0, count === -1 ? this.#pending.length : count);
  }
}

function apply(content: FileContent, change: FileChange): void {
  if (change.kind === "write") content.write(change.bytes, change.position);
  else content.truncate(change.sizeBytes);
}

/** A change survives whole, not at all, or, a write, in part. */
function applyByChance(content: FileContent, change: FileChange, random: SimRandom): void {
  if (change.kind === "truncate") {
    if (random.happens(2)) content.truncate(change.sizeBytes);
    return;
  }
  switch (random.nextInt(5)) {
    case 0:
      return;
    case 1:
      content.write(change.bytes, change.position);
      return;
    case 2:
      writeSectors(content, change, random, "prefix");
      return;
    case 3:
      writeSectors(content, change, random, "any");
      return;
    default:
      // The size reached the disk and the bytes did not: file systems that allocate late do this.
      content.truncate(Math.max(content.sizeBytes, change.position + change.bytes.length));
  }
}

function writeSectors(
  content: FileContent,
  change: { readonly position: number; readonly bytes: Uint8Array },
  random: SimRandom,
  which: "prefix" | "any",
): void {
  const sectorSizeBytes = random.pick(sectorSizesBytes);
  const { position, bytes } = change;
  let start = 0;
  while (start < bytes.length) {
    const sectorEnd = (Math.floor((position + start) / sectorSizeBytes) + 1) * sectorSizeBytes;
    const end = Math.min(bytes.length, sectorEnd - position);
    const survives = random.happens(2);
    if (survives) content.write(bytes.subarray(start, end), position + start);
    else if (which === "prefix") return;
    start = end;
  }
}
