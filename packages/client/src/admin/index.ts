export { Admin } from "./admin.ts";
export { quotaEntityKey } from "./client-quotas.ts";
export { configResourceKey } from "./configs.ts";
export { replicaKey } from "./log-dirs.ts";
export { parseTopicPartition, topicPartitionKey } from "./topic-partition.ts";
export type {
  AclBinding,
  AclFilter,
  AclPatternType,
  AclPermission,
  AclResourceType,
  DeletedAcls,
} from "./acls.ts";
export type { AclOperation } from "./answer.ts";
export type { AdminCallOptions, ValidateOptions } from "./call-options.ts";
export type {
  ClientQuotas,
  QuotaAlteration,
  QuotaEntity,
  QuotaEntityKey,
  QuotaFilter,
} from "./client-quotas.ts";
export type {
  ClusterDescription,
  DescribeClusterOptions,
  DescribedBroker,
  FeatureRange,
  FeatureUpdate,
  FeaturesDescription,
  QuorumDescription,
  QuorumReplica,
  RaftEndpoint,
  RaftVoter,
} from "./cluster-admin.ts";
export type { ConfigEntry, ConfigSource, ConfigSynonym, ConfigType } from "./config-entry.ts";
export type {
  ConfigAlteration,
  ConfigChange,
  ConfigResource,
  ConfigResourceKey,
  ConfigResourceType,
  DescribeConfigsOptions,
} from "./configs.ts";
export type {
  CreateTokenOptions,
  DelegationToken,
  Principal,
  TokenPeriodOptions,
} from "./delegation-tokens.ts";
export type { DeletedRecords, RecordsToDelete } from "./delete-records.ts";
export type {
  DescribeTopicsOptions,
  ListTopicsOptions,
  PartitionDescription,
  TopicDescription,
  TopicListing,
} from "./describe-topics.ts";
export type { RemoveMembersOptions } from "./groups/delete-groups.ts";
export type {
  ClassicGroupDescription,
  ClassicGroupMember,
  ConsumerGroupDescription,
  ConsumerGroupMember,
  DescribeGroupsOptions,
  ShareGroupDescription,
  ShareGroupMember,
  StreamsGroupDescription,
} from "./groups/describe-groups.ts";
export type {
  CommittedOffset,
  GroupOffsets,
  GroupPartitions,
  ListGroupOffsetsOptions,
  OffsetToCommit,
} from "./groups/group-offsets.ts";
export type {
  GroupListing,
  GroupListings,
  GroupState,
  GroupType,
  ListGroupsOptions,
} from "./groups/list-groups.ts";
export type { ShareGroupOffset, ShareOffsetToSet } from "./groups/share-group-offsets.ts";
export type {
  ListOffsetsOptions,
  ListedOffset,
  OffsetQuestion,
  OffsetSpec,
} from "./list-offsets.ts";
export type {
  LogDirDescription,
  LogDirs,
  ReplicaInfo,
  ReplicaKey,
  ReplicaLogDirs,
  ReplicaMove,
  TopicPartitionReplica,
} from "./log-dirs.ts";
export type {
  NewReassignment,
  PartitionReassignment,
  ReassignmentOptions,
} from "./reassignments.ts";
export type { ScramAlteration, ScramCredentialInfo, ScramMechanism } from "./scram-credentials.ts";
export type { Outcomes } from "./settle-each.ts";
export type { TopicPartition, TopicPartitionKey } from "./topic-partition.ts";
export type {
  CreatedTopic,
  NewPartitions,
  NewTopic,
  TopicCallOptions,
  TopicNames,
} from "./topics.ts";
export type {
  DescribeProducersOptions,
  FencedProducer,
  HangingTransaction,
  ListTransactionsOptions,
  ProducerDescription,
  TransactionDescription,
  TransactionListing,
  TransactionState,
} from "./transactions.ts";
