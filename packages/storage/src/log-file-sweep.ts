import type { FileSystem } from "@millrace/platform";
import { batchHeader as header } from "@millrace/protocol";
import { BatchFileReader } from "./batch-file-reader.ts";
import {
  cleanedSuffix,
  deletedSuffix,
  joinPath,
  metadataSnapshotSuffix,
  offsetOfFileName,
  segmentSuffixes,
  snapshotSuffix,
  swapSuffix,
} from "./file-names.ts";

/** What a log's directory holds, by the names of its files alone. */
export interface LogFileList {
  /** Where segments begin, in order. */
  readonly baseOffsets: readonly number[];
  readonly snapshotOffsets: readonly number[];
  /** Segments that have a transaction index. */
  readonly transactionIndexOffsets: readonly number[];
}

/**
 * Puts a log's directory in order after whatever interrupted its owner: deletions are finished,
 * unfinished compactions dropped, finished ones completed. The order is that of Kafka's LogLoader.
 */
export function sweepLogDirectory(fileSystem: FileSystem, directory: string): LogFileList {
  const names = fileNames(fileSystem, directory);
  const path = (name: string): string => joinPath(directory, name);
  const remove = (name: string): void => fileSystem.removeFile(path(name));
  let firstCleaned = Infinity;
  const swaps: string[] = [];
  for (const name of names) {
    if (isDeleted(name) || name.endsWith(".tmp")) remove(name);
    else if (name.endsWith(cleanedSuffix)) {
      firstCleaned = Math.min(firstCleaned, offsetOfFileName(name) ?? Infinity);
      remove(name);
    } else if (name.endsWith(swapSuffix)) swaps.push(name);
  }
  // A swap file beside an unfinished one at or before it is part of the same unfinished split.
  const isValid = (name: string): boolean => (offsetOfFileName(name) ?? Infinity) < firstCleaned;
  for (const name of swaps) if (!isValid(name)) remove(name);
  const validSwaps = swaps.filter(isValid);
  if (validSwaps.length > 0) completeSwaps(fileSystem, directory, validSwaps);
  return listLogFiles(fileSystem, directory);
}

/** Lists a directory that is in order; index files without a segment are removed. */
function listLogFiles(fileSystem: FileSystem, directory: string): LogFileList {
  const names = fileNames(fileSystem, directory);
  const offsetsOf = (suffix: string): number[] =>
    names
      .filter((name) => name.endsWith(suffix))
      .map(offsetOfFileName)
      .filter((offset) => offset !== undefined)
      .sort((left, right) => left - right);
  const baseOffsets = offsetsOf(segmentSuffixes.log);
  const known = new Set(baseOffsets);
  const { offsetIndex, timeIndex, transactionIndex } = segmentSuffixes;
  for (const name of names) {
    const isIndex = [offsetIndex, timeIndex, transactionIndex].some((each) => name.endsWith(each));
    const offset = offsetOfFileName(name);
    if (isIndex && offset !== undefined && !known.has(offset)) {
      fileSystem.removeFile(joinPath(directory, name));
    }
  }
  return {
    baseOffsets,
    snapshotOffsets: offsetsOf(snapshotSuffix),
    transactionIndexOffsets: offsetsOf(transactionIndex).filter((offset) => known.has(offset)),
  };
}

/** Deletes what finished compactions replace, then gives them their names. */
function completeSwaps(fileSystem: FileSystem, directory: string, swaps: readonly string[]): void {
  let start = Infinity;
  let end = -Infinity;
  for (const name of swaps) {
    if (!name.endsWith(segmentSuffixes.log + swapSuffix)) continue;
    const baseOffset = offsetOfFileName(name) ?? Infinity;
    start = Math.min(start, baseOffset);
    end = Math.max(end, endOffsetOf(fileSystem, joinPath(directory, name), baseOffset));
  }
  const swapBases = new Set(
    swaps.filter((name) => name.endsWith(segmentSuffixes.log + swapSuffix)).map(offsetOfFileName),
  );
  for (const name of fileNames(fileSystem, directory)) {
    if (name.endsWith(swapSuffix) || name.includes(metadataSnapshotSuffix)) continue;
    const offset = offsetOfFileName(name);
    // An index that is not among the swap files any more has its name already: it is the new one.
    const isInPlace = swapBases.has(offset) && !swaps.includes(name + swapSuffix);
    if (offset !== undefined && offset >= start && offset < end && !isInPlace) {
      fileSystem.removeFile(joinPath(directory, name));
    }
  }
  for (const name of swaps) {
    const from = joinPath(directory, name);
    fileSystem.rename(from, from.slice(0, -swapSuffix.length));
  }
  fileSystem.syncDirectory(directory);
}

function endOffsetOf(fileSystem: FileSystem, path: string, baseOffset: number): number {
  const file = fileSystem.open(path, "read");
  try {
    const reader = new BatchFileReader(file, { start: 0, end: file.sizeBytes() });
    let end = baseOffset;
    while (reader.next()) end = header.nextOffset(reader.buffer, reader.at);
    return end;
  } finally {
    file.close();
  }
}

/** Snapshots of the cluster metadata have deletions of their own. */
function isDeleted(name: string): boolean {
  return name.endsWith(deletedSuffix) && !name.endsWith(metadataSnapshotSuffix + deletedSuffix);
}

function fileNames(fileSystem: FileSystem, directory: string): string[] {
  return fileSystem
    .readDirectory(directory)
    .filter((entry) => entry.kind === "file")
    .map((entry) => entry.name);
}
