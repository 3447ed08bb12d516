import type { FileSystem } from "@millrace/platform";
import { CorruptFileError } from "./errors.ts";
import type { OpenFiles } from "./open-files.ts";

/** Bytes of an entry: a version of two bytes and four times eight. */
export const abortedEntrySizeBytes = 34;
const entryVersion = 0;

/** A transaction that was aborted, as a segment's `.txnindex` holds it. */
export interface AbortedEntry {
  readonly producerId: bigint;
  readonly firstOffset: number;
  /** The offset of the marker. */
  readonly lastOffset: number;
  /** The last stable offset when the marker was written. */
  readonly lastStableOffset: number;
}

/** Writes an entry. Format: docs/formats/index.md §3. */
export function encodeAbortedEntry(entry: AbortedEntry): Buffer {
  const buffer = Buffer.alloc(abortedEntrySizeBytes);
  buffer.writeInt16BE(entryVersion, 0);
  buffer.writeBigInt64BE(entry.producerId, 2);
  buffer.writeBigInt64BE(BigInt(entry.firstOffset), 10);
  buffer.writeBigInt64BE(BigInt(entry.lastOffset), 18);
  buffer.writeBigInt64BE(BigInt(entry.lastStableOffset), 26);
  return buffer;
}

/** Reads all entries of a file; none when it is not there. @throws CorruptFileError */
export function readAbortedEntries(fileSystem: FileSystem, path: string): AbortedEntry[] {
  if (!fileSystem.exists(path)) return [];
  const buffer = fileSystem.readFile(path);
  if (buffer.length % abortedEntrySizeBytes !== 0) {
    throw new CorruptFileError("a transaction index is not a multiple of 34 bytes", { path });
  }
  const entries: AbortedEntry[] = [];
  for (let at = 0; at < buffer.length; at += abortedEntrySizeBytes) {
    const version = buffer.readInt16BE(at);
    if (version !== entryVersion) {
      throw new CorruptFileError(`a transaction index has version ${version}`, { path });
    }
    entries.push({
      producerId: buffer.readBigInt64BE(at + 2),
      firstOffset: Number(buffer.readBigInt64BE(at + 10)),
      lastOffset: Number(buffer.readBigInt64BE(at + 18)),
      lastStableOffset: Number(buffer.readBigInt64BE(at + 26)),
    });
  }
  return entries;
}

/** Adds an entry at the end of a file, made if it is not there. */
export function appendAbortedEntry(files: OpenFiles, path: string, entry: AbortedEntry): void {
  const file = files.get(path, "create");
  const sizeBytes = file.sizeBytes();
  const position = sizeBytes - (sizeBytes % abortedEntrySizeBytes);
  try {
    file.writeSync([encodeAbortedEntry(entry)], position);
  } catch (error) {
    // A full disk may have taken a part of the entry, which no reader must meet.
    file.truncate(position);
    throw error;
  }
}

/** Cuts the entries whose marker is at or beyond an offset. */
export function truncateAbortedEntries(
  context: { readonly fileSystem: FileSystem; readonly files: OpenFiles },
  path: string,
  offset: number,
): void {
  const entries = readAbortedEntries(context.fileSystem, path);
  const kept = entries.findIndex((entry) => entry.lastOffset >= offset);
  if (kept >= 0) context.files.get(path).truncate(kept * abortedEntrySizeBytes);
}
