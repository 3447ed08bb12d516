import type { FileSystem } from "@millrace/platform";
import { CorruptFileError } from "./errors.ts";
import { joinPath, offsetFileName, snapshotSuffix } from "./file-names.ts";
import type { ProducerEntry } from "./producer-entry.ts";
import { decodeProducerSnapshot, encodeProducerSnapshot } from "./producer-snapshot.ts";

/** The `.snapshot` files of one log: producer state as of some offsets, oldest first. */
export class ProducerSnapshots {
  readonly #fileSystem: FileSystem;
  #directory: string;
  #offsets: number[];

  constructor(fileSystem: FileSystem, directory: string, offsets: readonly number[]) {
    this.#fileSystem = fileSystem;
    this.#directory = directory;
    this.#offsets = [...offsets].sort((left, right) => left - right);
  }

  get offsets(): readonly number[] {
    return this.#offsets;
  }

  /** Where the newest one is; -1 when there is none. */
  get latestOffset(): number {
    return this.#offsets.at(-1) ?? -1;
  }

  /** The file of a snapshot. */
  path(offset: number): string {
    return joinPath(this.#directory, offsetFileName(offset, snapshotSuffix));
  }

  /** Writes the state as of an offset into the page cache; the log's flush makes it durable. */
  write(offset: number, producers: Iterable<ProducerEntry>): void {
    const file = this.#fileSystem.open(this.path(offset), "create");
    try {
      file.truncate(0);
      file.writeSync([encodeProducerSnapshot(producers)], 0);
    } finally {
      file.close();
    }
    if (this.#offsets.includes(offset)) return;
    this.#offsets.push(offset);
    this.#offsets.sort((left, right) => left - right);
  }

  /** Reads the newest one that is whole; damaged ones are removed. Undefined when there is none. */
  readLatest(): { readonly offset: number; readonly producers: ProducerEntry[] } | undefined {
    for (;;) {
      const offset = this.#offsets.at(-1);
      if (offset === undefined) return undefined;
      try {
        const path = this.path(offset);
        return { offset, producers: decodeProducerSnapshot(this.#fileSystem.readFile(path), path) };
      } catch (error) {
        if (!(error instanceof CorruptFileError)) throw error;
        this.remove(offset);
      }
    }
  }

  /** Removes those that a claim about their offset holds for. */
  removeWhere(isGone: (offset: number) => boolean): void {
    for (const offset of this.#offsets.filter(isGone)) this.remove(offset);
  }

  /** Removes one. */
  remove(offset: number): void {
    this.#offsets = this.#offsets.filter((other) => other !== offset);
    this.#fileSystem.removeFile(this.path(offset));
  }

  /** Forgets those that belong to deleted segments and gives their paths. */
  release(offsets: readonly number[]): string[] {
    const gone = this.#offsets.filter((offset) => offsets.includes(offset));
    this.#offsets = this.#offsets.filter((offset) => !offsets.includes(offset));
    return gone.map((offset) => this.path(offset));
  }

  /** The log's directory has another name now. */
  moveTo(directory: string): void {
    this.#directory = directory;
  }
}
