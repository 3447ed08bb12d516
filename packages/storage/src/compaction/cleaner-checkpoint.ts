import type { FileSystem } from "@millrace/platform";
import { formatOffsetCheckpoint, readOffsetCheckpoint } from "../checkpoint-file.ts";
import { CorruptFileError } from "../errors.ts";
import { directoryFileNames, joinPath, logDirectoryName } from "../file-names.ts";
import { replaceFile } from "../small-file.ts";

/** Which log of a directory. */
export interface CheckpointedLog {
  readonly topic: string;
  readonly partition: number;
}

/** Where the dirty part of each log of a directory begins: its `cleaner-offset-checkpoint`. */
export class CleanerCheckpoint {
  readonly #fileSystem: FileSystem;
  readonly #path: string;
  readonly #offsets: Map<string, { readonly log: CheckpointedLog; readonly offset: number }>;

  /** Reads the file. One that cannot be read only makes the cleaner begin at each log's start. */
  constructor(fileSystem: FileSystem, directory: string, logs: Iterable<CheckpointedLog>) {
    this.#fileSystem = fileSystem;
    this.#path = joinPath(directory, directoryFileNames.cleanerOffsets);
    this.#offsets = new Map();
    const read = this.#read();
    for (const { topic, partition } of logs) {
      const name = logDirectoryName(topic, partition);
      const offset = read.get(name);
      if (offset !== undefined) this.#offsets.set(name, { log: { topic, partition }, offset });
    }
  }

  /** Where a log's dirty part begins; undefined when it was never cleaned here. */
  offsetOf(log: CheckpointedLog): number | undefined {
    return this.#offsets.get(logDirectoryName(log.topic, log.partition))?.offset;
  }

  /** Notes an offset, or forgets the log, durably. @throws IoError */
  set(log: CheckpointedLog, offset: number | undefined): void {
    const { topic, partition } = log;
    const name = logDirectoryName(topic, partition);
    if (this.#offsets.get(name)?.offset === offset) return;
    if (offset === undefined) this.#offsets.delete(name);
    else this.#offsets.set(name, { log: { topic, partition }, offset });
    const entries = [...this.#offsets.values()].map((each) => ({
      ...each.log,
      offset: each.offset,
    }));
    const content = formatOffsetCheckpoint(entries);
    replaceFile(this.#fileSystem, this.#path, { content, durability: "synced" });
  }

  #read(): ReadonlyMap<string, number> {
    try {
      return readOffsetCheckpoint(this.#fileSystem, this.#path);
    } catch (error) {
      if (error instanceof CorruptFileError) return new Map();
      throw error;
    }
  }
}
