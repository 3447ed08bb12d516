import type { FileSystem } from "@millrace/platform";
import { formatCheckpoint, readCheckpointLines } from "./checkpoint-file.ts";
import { CorruptFileError } from "./errors.ts";
import { joinPath, logFileNames } from "./file-names.ts";
import type { EpochEndOffset } from "./log-offsets.ts";
import { replaceFile } from "./small-file.ts";

/** An epoch and the offset of its first batch. */
export interface EpochEntry {
  readonly epoch: number;
  readonly startOffset: number;
}

/**
 * Which leader epoch wrote which offsets, as `leader-epoch-checkpoint` holds it. Epochs and start
 * offsets both increase. The log's next flush writes the file and makes it durable: until then a
 * crash loses nothing, since recovery takes epochs from the batches after the recovery point. (To
 * replace a file costs milliseconds, and a start gives a thousand partitions a new epoch each.)
 * Format: docs/formats/checkpoints.md §3.
 */
export class LeaderEpochs {
  readonly #fileSystem: FileSystem;
  #path: string;
  #entries: EpochEntry[];
  /** The file changed since it was synced last. */
  needsSync = false;
  #isWritten = true;

  constructor(fileSystem: FileSystem, directory: string, entries: readonly EpochEntry[] = []) {
    this.#fileSystem = fileSystem;
    this.#path = joinPath(directory, logFileNames.leaderEpochs);
    this.#entries = [...entries];
  }

  get entries(): readonly EpochEntry[] {
    return this.#entries;
  }

  /** The newest epoch; -1 when there is none. */
  get latestEpoch(): number {
    return this.#entries.at(-1)?.epoch ?? -1;
  }

  /** Notes where an epoch starts; no effect when the newest is as new. */
  assign(epoch: number, startOffset: number): void {
    if (epoch <= this.latestEpoch) return;
    // A former epoch that wrote nothing before this offset gives way.
    const kept = this.#entries.filter((entry) => entry.startOffset < startOffset);
    this.#replace([...kept, { epoch, startOffset }]);
  }

  /** The epoch of the batch at an offset; undefined when it is not known. */
  epochAt(offset: number): number | undefined {
    return this.#entries.findLast((entry) => entry.startOffset <= offset)?.epoch;
  }

  /** Where an epoch ended: Kafka's answer to OffsetForLeaderEpoch. */
  endOffsetOf(requestedEpoch: number, logEndOffset: number): EpochEndOffset {
    const unknown = { leaderEpoch: -1, endOffset: -1 };
    if (requestedEpoch < 0 || this.#entries.length === 0) return unknown;
    if (requestedEpoch === this.latestEpoch) {
      return { leaderEpoch: requestedEpoch, endOffset: logEndOffset };
    }
    const higher = this.#entries.find((entry) => entry.epoch > requestedEpoch);
    if (higher === undefined) return unknown;
    const floor = this.#entries.findLast((entry) => entry.epoch <= requestedEpoch);
    // An epoch before all that are known ends where the first of them starts.
    return { leaderEpoch: floor?.epoch ?? requestedEpoch, endOffset: higher.startOffset };
  }

  /** Drops epochs that start at or beyond an offset. */
  truncateSuffix(endOffset: number): void {
    if ((this.#entries.at(-1)?.startOffset ?? -1) < endOffset) return;
    this.#replace(this.#entries.filter((entry) => entry.startOffset < endOffset));
  }

  /** Drops epochs that end before an offset; the one that holds it starts there now. */
  truncatePrefix(startOffset: number): void {
    const holder = this.#entries.findLast((entry) => entry.startOffset <= startOffset);
    if (holder === undefined) return;
    const later = this.#entries.filter((entry) => entry.startOffset > startOffset);
    if (this.#entries[0] === holder && holder.startOffset === startOffset) return;
    this.#replace([{ epoch: holder.epoch, startOffset }, ...later]);
  }

  /** Forgets all. */
  clear(): void {
    if (this.#entries.length > 0) this.#replace([]);
  }

  /** Writes the file unless it says what is known. @throws IoError */
  write(): void {
    if (this.#isWritten) return;
    const lines = this.#entries.map(({ epoch, startOffset }) => `${epoch} ${startOffset}`);
    const content = formatCheckpoint(lines);
    replaceFile(this.#fileSystem, this.#path, { content, durability: "cached" });
    this.#isWritten = true;
  }

  /** The log's directory has another name now. */
  moveTo(directory: string): void {
    this.#path = joinPath(directory, logFileNames.leaderEpochs);
  }

  #replace(entries: EpochEntry[]): void {
    this.#entries = entries;
    this.needsSync = true;
    this.#isWritten = false;
  }
}

/** Reads `leader-epoch-checkpoint`; none when it is not there. @throws CorruptFileError */
export function readEpochEntries(fileSystem: FileSystem, directory: string): EpochEntry[] {
  const path = joinPath(directory, logFileNames.leaderEpochs);
  const entries = readCheckpointLines(fileSystem, path).map((words): EpochEntry => {
    const [epoch, startOffset] = words.map(Number);
    if (words.length !== 2 || !Number.isSafeInteger(epoch) || !Number.isSafeInteger(startOffset)) {
      throw new CorruptFileError(`an epoch checkpoint has the line "${words.join(" ")}"`, { path });
    }
    return { epoch: epoch ?? -1, startOffset: startOffset ?? -1 };
  });
  entries.sort((left, right) => left.epoch - right.epoch);
  return entries.filter((entry, at) => entry.startOffset > (entries[at - 1]?.startOffset ?? -1));
}
