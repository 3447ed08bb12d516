import type { FileSystem } from "@millrace/platform";
import { directoryFileNames, joinPath } from "./file-names.ts";
import { replaceFile } from "./small-file.ts";

/** The epoch of a clean stop that names none. */
export const unknownBrokerEpoch = -1;

/**
 * Reads `.kafka_cleanshutdown`.
 * @returns undefined when it is not there: the stop was not clean; -1 when it names no epoch.
 */
export function readCleanShutdown(
  fileSystem: FileSystem,
  logDirectory: string,
): number | undefined {
  const path = joinPath(logDirectory, directoryFileNames.cleanShutdown);
  if (!fileSystem.exists(path)) return undefined;
  try {
    const value: unknown = JSON.parse(fileSystem.readFile(path).toString("utf8"));
    if (typeof value === "object" && value !== null && "brokerEpoch" in value) {
      const { brokerEpoch } = value;
      if (typeof brokerEpoch === "number" && Number.isSafeInteger(brokerEpoch)) return brokerEpoch;
    }
  } catch (error) {
    // Kafka takes a file that it cannot read for a clean stop of an unknown epoch; so do we, since
    // the file is only written after every log was flushed.
    if (!(error instanceof SyntaxError)) throw error;
  }
  return unknownBrokerEpoch;
}

/** Writes `.kafka_cleanshutdown`, durably: only after every log of the directory was flushed. */
export function writeCleanShutdown(
  fileSystem: FileSystem,
  logDirectory: string,
  brokerEpoch: number,
): void {
  const path = joinPath(logDirectory, directoryFileNames.cleanShutdown);
  const content = JSON.stringify({ version: 0, brokerEpoch });
  replaceFile(fileSystem, path, { content, durability: "synced" });
}

/**
 * Removes `.kafka_cleanshutdown`, durably, before the directory is changed. Where it is gone, it
 * may
 * be gone from memory alone: a start before this one may have been killed between removal and sync,
 * and a power loss would bring the file back beside logs that have changed since.
 */
export function removeCleanShutdown(fileSystem: FileSystem, logDirectory: string): void {
  const path = joinPath(logDirectory, directoryFileNames.cleanShutdown);
  if (fileSystem.exists(path)) fileSystem.removeFile(path);
  fileSystem.syncDirectory(logDirectory);
}
