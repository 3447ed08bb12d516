import type { FileSystem } from "@millrace/platform";

import { defaultBootstrapRecords } from "../controller/activation.ts";
import type { SnapshotTarget } from "../log/snapshot-file.ts";
import { readSnapshotFile, writeSnapshotFileNow } from "../log/snapshot-file.ts";
import type { MetadataRecord } from "../records/metadata-record.ts";

/** The file's name in the log directory of the metadata log. */
export const BOOTSTRAP_FILE = "bootstrap.checkpoint";

/**
 * Reads the records that a new metadata log begins with: the feature levels that the folder was
 * formatted with, and SCRAM users if any were given then. Without it: the defaults.
 * @throws MetadataFileError when the file is damaged.
 */
export function readBootstrapRecords(
  fileSystem: FileSystem,
  logDirectory: string,
): readonly MetadataRecord[] {
  const path = `${logDirectory}/${BOOTSTRAP_FILE}`;
  if (!fileSystem.exists(path)) return defaultBootstrapRecords();
  return readSnapshotFile(fileSystem, path).flatMap((batch) =>
    batch.kind === "data" ? batch.records : [],
  );
}

/** Writes the file as Kafka's StorageTool does: a snapshot without voters, epoch 0. */
export function writeBootstrapFile(
  target: Omit<SnapshotTarget, "path"> & { readonly logDirectory: string },
  records: readonly MetadataRecord[],
): void {
  const path = `${target.logDirectory}/${BOOTSTRAP_FILE}`;
  writeSnapshotFileNow(
    { ...target, path },
    { lastContainedTimestampMs: 0, leaderEpoch: 0, voters: undefined, records },
  );
}
