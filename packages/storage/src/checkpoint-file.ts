import type { FileSystem } from "@millrace/platform";
import { CorruptFileError } from "./errors.ts";

/**
 * Reads the lines of a checkpoint file: a version, how many lines follow, the lines, their words
 * split. None when the file is not there. Format: docs/formats/checkpoints.md §1.
 * @throws CorruptFileError
 */
export function readCheckpointLines(fileSystem: FileSystem, path: string): string[][] {
  if (!fileSystem.exists(path)) return [];
  const lines = fileSystem.readFile(path).toString("utf8").split("\n");
  const [version, countText, ...rest] = lines;
  if (version !== "0") throw new CorruptFileError(`checkpoint version is "${version}"`, { path });
  const entries = rest.filter((line) => line !== "");
  if (!/^\d+$/u.test(countText ?? "") || Number(countText) !== entries.length) {
    const found = `says ${countText} lines, has ${entries.length}`;
    throw new CorruptFileError(`a checkpoint ${found}`, { path });
  }
  return entries.map((line) => line.split(/\s+/u));
}

/** Writes lines as a checkpoint file holds them. */
export function formatCheckpoint(lines: readonly string[]): string {
  return `0\n${lines.length}\n${lines.map((line) => `${line}\n`).join("")}`;
}

/** Reads a file of `topic partition offset` lines, by `orders-0`. @throws CorruptFileError */
export function readOffsetCheckpoint(fileSystem: FileSystem, path: string): Map<string, number> {
  const offsets = new Map<string, number>();
  for (const words of readCheckpointLines(fileSystem, path)) {
    const [topic, partition, offsetText, ...more] = words;
    const offset = Number(offsetText);
    if (!isWhole(partition) || !Number.isSafeInteger(offset) || more.length > 0) {
      throw new CorruptFileError(`a checkpoint has the line "${words.join(" ")}"`, { path });
    }
    offsets.set(`${topic}-${partition}`, offset);
  }
  return offsets;
}

/** One line of an offset checkpoint. */
export interface OffsetCheckpointEntry {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Writes a file of `topic partition offset` lines. */
export function formatOffsetCheckpoint(entries: readonly OffsetCheckpointEntry[]): string {
  return formatCheckpoint(
    entries.map(({ topic, partition, offset }) => `${topic} ${partition} ${offset}`),
  );
}

function isWhole(text: string | undefined): boolean {
  return text !== undefined && /^\d+$/u.test(text);
}
