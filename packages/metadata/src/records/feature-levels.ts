/** A feature's levels that this version reads and writes, both inclusive. */
export interface FeatureRange {
  readonly name: string;
  readonly minSupportedVersion: number;
  readonly maxSupportedVersion: number;
  /** The level of a freshly formatted folder. */
  readonly defaultLevel: number;
}

/** Kafka 4.3's metadata.version 4.3-IV0, the newest that we know. */
export const LATEST_METADATA_VERSION = 30;
/** Kafka 3.3-IV3, the first of KRaft. */
export const MINIMUM_METADATA_VERSION = 7;

/** Every feature of Kafka 4.3.1 but `kraft.version`, which is not in FeatureLevelRecords. */
export const supportedFeatures: readonly FeatureRange[] = [
  range("metadata.version", MINIMUM_METADATA_VERSION, LATEST_METADATA_VERSION),
  range("eligible.leader.replicas.version", 0, 1),
  range("group.version", 0, 1),
  range("share.version", 0, 1),
  range("streams.version", 0, 1),
  range("transaction.version", 0, 2),
];

/** The levels of the raft protocol itself: 1 has voters in the log (KIP-853). */
export const kraftVersionFeature = range("kraft.version", 0, 1);

/** The name of the feature of KIP-966. */
export const ELR_FEATURE = "eligible.leader.replicas.version";

/** What a metadata.version lets be written, and in which record versions. */
export interface MetadataFormat {
  readonly registerBrokerRecordVersion: number;
  readonly partitionRecordVersion: number;
  readonly partitionChangeRecordVersion: number;
  readonly hasControllerRegistrations: boolean;
  readonly hasTransactions: boolean;
  readonly hasScram: boolean;
  readonly hasDelegationTokens: boolean;
  readonly hasDirectories: boolean;
  readonly hasCordonedLogDirs: boolean;
  readonly hasElr: boolean;
  /** A smaller ISR raises the leader epoch even with the same leader (before 3.6). */
  readonly bumpsLeaderEpochOnIsrShrink: boolean;
  /** Snapshots carry the state of a move from ZooKeeper. */
  readonly hasZkMigration: boolean;
}

/** Says what a level of metadata.version lets be written. */
export function metadataFormatOf(metadataVersion: number): MetadataFormat {
  const partitionVersion = metadataVersion >= 23 ? 2 : metadataVersion >= 17 ? 1 : 0;
  return {
    registerBrokerRecordVersion: registerBrokerVersion(metadataVersion),
    partitionRecordVersion: partitionVersion,
    partitionChangeRecordVersion: partitionVersion,
    hasControllerRegistrations: metadataVersion >= 15,
    hasTransactions: metadataVersion >= 13,
    hasScram: metadataVersion >= 11,
    hasDelegationTokens: metadataVersion >= 14,
    hasDirectories: metadataVersion >= 17,
    hasCordonedLogDirs: metadataVersion >= 30,
    hasElr: metadataVersion >= 23,
    bumpsLeaderEpochOnIsrShrink: metadataVersion < 12,
    hasZkMigration: metadataVersion >= 8,
  };
}

function registerBrokerVersion(metadataVersion: number): number {
  if (metadataVersion >= 30) return 4;
  if (metadataVersion >= 17) return 3;
  return metadataVersion >= 8 ? 2 : 1;
}

function range(name: string, minimum: number, maximum: number): FeatureRange {
  return {
    name,
    minSupportedVersion: minimum,
    maxSupportedVersion: maximum,
    defaultLevel: maximum,
  };
}
