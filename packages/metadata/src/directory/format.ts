import type { Clock, FileSystem, Random } from "@millrace/platform";
import type { Uuid } from "@millrace/protocol";

import { defaultBootstrapRecords } from "../controller/activation.ts";
import { freshUuid } from "../controller/uuids.ts";
import type { Endpoint } from "../image/registrations.ts";
import { makeDurableDirectory } from "../log/durable-file.ts";
import { writeSnapshotFileNow } from "../log/snapshot-file.ts";
import { snapshotFileName } from "../log/snapshot-name.ts";
import { UnsupportedMetadataError } from "../metadata-errors.ts";
import { kraftVersionFeature } from "../records/feature-levels.ts";
import type { MetadataRecord } from "../records/metadata-record.ts";
import { writeBootstrapFile } from "./bootstrap-file.ts";
import type { MetaProperties } from "./meta-properties.ts";
import { readMetaProperties, writeMetaProperties } from "./meta-properties.ts";

/** The directory of the metadata log within its log directory. */
export const METADATA_LOG_DIRECTORY = "__cluster_metadata-0";

/** How log directories are formatted. */
export interface FormatOptions {
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  readonly random: Random;
  /** `log.dirs`. */
  readonly logDirectories: readonly string[];
  /** `metadata.log.dir`: by default the first of them. */
  readonly metadataLogDirectory: string;
  readonly nodeId: number;
  /** Given by the operator; else that of directories formatted before, else a random one. */
  readonly clusterId?: string | undefined;
  /**
   * Where this node's controller is reached, which makes a folder with its voters in the log
   * (`kafka-storage format --standalone`, KIP-853). Without it the voters are in the configuration
   * (`controller.quorum.voters`).
   */
  readonly standaloneEndpoints?: readonly Endpoint[] | undefined;
  /** What a new metadata log begins with; by default every feature at its newest level. */
  readonly bootstrapRecords?: readonly MetadataRecord[];
}

/** Formatted log directories. */
export interface FormattedDirectories {
  readonly clusterId: string;
  /** Ids by path. */
  readonly directoryIds: ReadonlyMap<string, Uuid>;
  /** Paths that were not formatted before. */
  readonly newDirectories: readonly string[];
}

/**
 * Formats the log directories that are not formatted yet, as Kafka's StorageTool does, and checks
 * the others. `meta.properties` is written last: a directory without it is not formatted, whatever
 * a crash left in it.
 * @throws UnsupportedMetadataError when a directory belongs to another cluster or node.
 */
export function ensureFormatted(options: FormatOptions): FormattedDirectories {
  const { fileSystem, random, logDirectories } = options;
  const found = logDirectories.map((path) => ({
    path,
    meta: readMetaProperties(fileSystem, path),
  }));
  const known = found.find(({ meta }) => meta !== undefined)?.meta?.clusterId;
  const clusterId = options.clusterId ?? known ?? freshUuid(random);
  const directoryIds = new Map<string, Uuid>();
  const newDirectories: string[] = [];
  for (const { path, meta } of found) refuseForeign(path, meta, { ...options, clusterId });
  for (const { path, meta } of found) {
    const directoryId = meta?.directoryId ?? freshUuid(random);
    directoryIds.set(path, directoryId);
    if (meta?.directoryId !== undefined) continue;
    makeDurableDirectory(fileSystem, path);
    if (meta === undefined) {
      newDirectories.push(path);
      if (path === options.metadataLogDirectory) formatMetadataLog(options, directoryId);
    }
    writeMetaProperties(fileSystem, path, { clusterId, nodeId: options.nodeId, directoryId });
  }
  return { clusterId, directoryIds, newDirectories };
}

function refuseForeign(
  path: string,
  meta: MetaProperties | undefined,
  wanted: { readonly clusterId: string; readonly nodeId: number },
): void {
  if (meta === undefined) return;
  if (meta.clusterId === wanted.clusterId && meta.nodeId === wanted.nodeId) return;
  const owner = `node ${meta.nodeId} of cluster ${meta.clusterId}`;
  throw new UnsupportedMetadataError(
    `${path} belongs to ${owner}, not to node ${wanted.nodeId} of cluster ${wanted.clusterId}`,
  );
}

function formatMetadataLog(options: FormatOptions, directoryId: Uuid): void {
  const { fileSystem, clock, metadataLogDirectory, standaloneEndpoints } = options;
  const records = options.bootstrapRecords ?? defaultBootstrapRecords();
  writeBootstrapFile({ fileSystem, clock, logDirectory: metadataLogDirectory }, records);
  if (standaloneEndpoints === undefined) return;
  const directory = `${metadataLogDirectory}/${METADATA_LOG_DIRECTORY}`;
  makeDurableDirectory(fileSystem, directory);
  const path = `${directory}/${snapshotFileName({ endOffset: 0, leaderEpoch: 0 })}`;
  const { minSupportedVersion, maxSupportedVersion } = kraftVersionFeature;
  const voter = {
    voterId: options.nodeId,
    voterDirectoryId: directoryId,
    endpoints: standaloneEndpoints.map(({ name, host, port }) => ({ name, host, port })),
    kRaftVersionFeature: { minSupportedVersion, maxSupportedVersion },
  };
  writeSnapshotFileNow(
    { fileSystem, clock, path },
    {
      lastContainedTimestampMs: clock.nowMs(),
      leaderEpoch: 0,
      voters: { kraftVersion: 1, voters: { version: 0, voters: [voter] } },
      records: [],
    },
  );
}
