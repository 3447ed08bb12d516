import type { FileSystem } from "@millrace/platform";
import { CorruptFileError } from "./errors.ts";
import { joinPath, logFileNames } from "./file-names.ts";
import { replaceFile } from "./small-file.ts";

/**
 * Reads the topic id from `partition.metadata`; undefined when the file is not there or empty (a
 * power loss before its first sync leaves it so). Format: docs/formats/checkpoints.md §4.
 * @throws CorruptFileError
 */
export function readTopicId(fileSystem: FileSystem, directory: string): string | undefined {
  const path = joinPath(directory, logFileNames.partitionMetadata);
  if (!fileSystem.exists(path)) return undefined;
  const text = fileSystem.readFile(path).toString("utf8");
  if (/^\0*$/u.test(text)) return undefined;
  const match = /^version: 0\ntopic_id: ([A-Za-z0-9_-]{22})\n?$/u.exec(text);
  if (match === null) throw new CorruptFileError("partition.metadata is not readable", { path });
  return match[1];
}

/** Writes `partition.metadata`. */
export function writeTopicId(fileSystem: FileSystem, directory: string, topicId: string): void {
  const path = joinPath(directory, logFileNames.partitionMetadata);
  const content = `version: 0\ntopic_id: ${topicId}`;
  replaceFile(fileSystem, path, { content, durability: "cached" });
}
