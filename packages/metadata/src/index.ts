export type { Controller } from "./controller/controller.ts";
export { filterFault } from "./controller/alter-acls.ts";
export type {
  Done,
  ItemError,
  Outcome,
  Refused,
} from "./controller/outcome.ts";
export type * from "./controller/requests.ts";
export type {
  Candidate,
  Coordination,
  Leadership,
  LivenessListener,
  MetadataPartitionRegister,
  MetadataPartitionState,
  Registration,
  VersionedMetadataPartition,
} from "./coordination/coordination.ts";
export { SingleCoordination } from "./coordination/single.ts";
export { readBootstrapRecords } from "./directory/bootstrap-file.ts";
export type { FormatOptions, FormattedDirectories } from "./directory/format.ts";
export { ensureFormatted, METADATA_LOG_DIRECTORY } from "./directory/format.ts";
export type { MetaProperties } from "./directory/meta-properties.ts";
export {
  META_PROPERTIES_FILE,
  readMetaProperties,
  writeMetaProperties,
} from "./directory/meta-properties.ts";
export type {
  EmbeddedMetadata,
  EmbeddedMetadataOptions,
  MetadataLogLimits,
} from "./embedded/embedded-metadata.ts";
export { openEmbeddedMetadata } from "./embedded/open-embedded-metadata.ts";
export type { SecurityMetadata } from "./embedded/supported-metadata.ts";
export { defaultMetadataLogLimits } from "./embedded/snapshot-schedule.ts";
export type { AclBinding, AclFilter } from "./image/acl-filter.ts";
export { aclPatterns, aclPermissions, matchesAcl, WILDCARD_RESOURCE } from "./image/acl-filter.ts";
export type { ClusterImage, Provenance } from "./image/cluster-image.ts";
export type {
  ConfigResource,
  ConfigResourceType,
  ConfigsImage,
  ResourceConfigs,
} from "./image/configs-image.ts";
export {
  configResourceKey,
  configResourceOfKey,
  configResourceTypeIds,
  configResourceTypeOf,
  configsOf,
} from "./image/configs-image.ts";
export { emptyImage } from "./image/empty-image.ts";
export type { FeaturesImage } from "./image/features-image.ts";
export type {
  ImageDelta,
  MetadataListener,
  MetadataUpdate,
  TopicChange,
  TopicsDelta,
} from "./image/image-delta.ts";
export type {
  AclEntry,
  ClientQuota,
  ClientQuotaEntity,
  DelegationToken,
  ScramCredential,
} from "./image/kept-records.ts";
export { clientQuotaEntityTypes, sameQuotaEntity, scramKey } from "./image/kept-records.ts";
export type {
  BrokerRegistration,
  ControllerRegistration,
  Endpoint,
  SupportedFeature,
} from "./image/registrations.ts";
export type {
  LeaderRecoveryState,
  PartitionImage,
  TopicImage,
  TopicsImage,
} from "./image/topics-image.ts";
export { directoryIds, NO_LEADER, partitionOf } from "./image/topics-image.ts";
export { MemoryRecordLog } from "./log/memory-record-log.ts";
export type {
  AppendResult,
  CommittedRecords,
  MetadataLog,
  PendingAppend,
} from "./log/metadata-log.ts";
export type { OpenRecordLog, RecordLog } from "./log/record-log.ts";
export type {
  MetadataRecord,
  MetadataRecordData,
  MetadataRecordType,
} from "./records/metadata-record.ts";
export {
  ActivationError,
  MetadataFileError,
  MetadataReplayError,
  UnsupportedMetadataError,
} from "./metadata-errors.ts";
export type { FeatureRange } from "./records/feature-levels.ts";
export {
  ELR_FEATURE,
  kraftVersionFeature,
  LATEST_METADATA_VERSION,
  MINIMUM_METADATA_VERSION,
  supportedFeatures,
} from "./records/feature-levels.ts";
