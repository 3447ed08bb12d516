import type { BrokerId } from "@millrace/protocol";
import {
  createAcls,
  deleteAcls,
  describeAcls,
  type AclBinding,
  type AclFilter,
  type DeletedAcls,
} from "./acls.ts";
import type { AdminCallOptions, ValidateOptions } from "./call-options.ts";
import {
  alterClientQuotas,
  describeClientQuotas,
  type ClientQuotas,
  type QuotaAlteration,
  type QuotaEntityKey,
  type QuotaFilter,
} from "./client-quotas.ts";
import {
  addRaftVoter,
  describeCluster,
  describeFeatures,
  describeMetadataQuorum,
  removeRaftVoter,
  unregisterBroker,
  updateFeatures,
  type ClusterDescription,
  type DescribeClusterOptions,
  type FeatureUpdate,
  type FeaturesDescription,
  type QuorumDescription,
  type RaftEndpoint,
  type RaftVoter,
} from "./cluster-admin.ts";
import type { ConfigEntry } from "./config-entry.ts";
import {
  describeConfigs,
  incrementalAlterConfigs,
  listConfigResources,
  type ConfigAlteration,
  type ConfigResource,
  type ConfigResourceKey,
  type ConfigResourceType,
  type DescribeConfigsOptions,
} from "./configs.ts";
import {
  createDelegationToken,
  describeDelegationToken,
  expireDelegationToken,
  renewDelegationToken,
  type CreateTokenOptions,
  type DelegationToken,
  type Principal,
  type TokenPeriodOptions,
} from "./delegation-tokens.ts";
import { deleteRecords, type DeletedRecords, type RecordsToDelete } from "./delete-records.ts";
import {
  describeTopics,
  listTopics,
  type DescribeTopicsOptions,
  type ListTopicsOptions,
  type TopicDescription,
  type TopicListing,
} from "./describe-topics.ts";
import {
  listOffsets,
  type ListOffsetsOptions,
  type ListedOffset,
  type OffsetQuestion,
} from "./list-offsets.ts";
import {
  alterReplicaLogDirs,
  describeLogDirs,
  describeReplicaLogDirs,
  type LogDirs,
  type ReplicaKey,
  type ReplicaLogDirs,
  type ReplicaMove,
  type TopicPartitionReplica,
} from "./log-dirs.ts";
import {
  alterPartitionReassignments,
  electLeaders,
  listPartitionReassignments,
  type NewReassignment,
  type PartitionReassignment,
  type ReassignmentOptions,
} from "./reassignments.ts";
import {
  alterUserScramCredentials,
  describeUserScramCredentials,
  type ScramAlteration,
  type ScramCredentialInfo,
} from "./scram-credentials.ts";
import { type Outcomes, valueOf } from "./settle-each.ts";
import type { TopicPartition, TopicPartitionKey } from "./topic-partition.ts";
import {
  createPartitions,
  createTopics,
  deleteTopics,
  type CreatedTopic,
  type NewPartitions,
  type NewTopic,
  type TopicCallOptions,
  type TopicNames,
} from "./topics.ts";
import {
  abortTransaction,
  describeProducers,
  describeTransactions,
  fenceProducers,
  listTransactions,
  type DescribeProducersOptions,
  type FencedProducer,
  type HangingTransaction,
  type ListTransactionsOptions,
  type ProducerDescription,
  type TransactionDescription,
  type TransactionListing,
} from "./transactions.ts";
import { GroupAdmin } from "./group-admin.ts";

/**
 * What can be asked of a cluster and changed in it; methods have the names of Java's `Admin`.
 *
 * Calls about many items give a `Map` of each to its value or its `KafkaError`, so that one refusal
 * does not hide the others; calls about one thing throw. Both try again what may pass, up to
 * `timeoutMs`, by the rules of Java's KafkaAdminClient. Log offsets are bigints.
 */
export class Admin extends GroupAdmin implements AsyncDisposable {
  /** Lists topics that the principal may see. */
  listTopics(options: ListTopicsOptions = {}): Promise<Map<string, TopicListing>> {
    return listTopics(this.cluster, options);
  }

  /** Describes topics by name, or by id with `{ ids }`. */
  describeTopics(
    topics: TopicNames,
    options: DescribeTopicsOptions = {},
  ): Promise<Outcomes<string, TopicDescription>> {
    return describeTopics(this.cluster, topics, options);
  }

  /** Creates topics. */
  createTopics(
    topics: readonly NewTopic[],
    options: TopicCallOptions = {},
  ): Promise<Outcomes<string, CreatedTopic>> {
    return createTopics(this.cluster, topics, options);
  }

  /** Deletes topics by name, or by id with `{ ids }`. */
  deleteTopics(
    topics: TopicNames,
    options: TopicCallOptions = {},
  ): Promise<Outcomes<string, void>> {
    return deleteTopics(this.cluster, topics, options);
  }

  /** Adds partitions to topics. */
  createPartitions(
    topics: Readonly<Record<string, NewPartitions>>,
    options: TopicCallOptions = {},
  ): Promise<Outcomes<string, void>> {
    return createPartitions(this.cluster, topics, options);
  }

  /** Deletes the oldest records of partitions. */
  deleteRecords(
    records: readonly RecordsToDelete[],
    options: AdminCallOptions = {},
  ): Promise<Outcomes<TopicPartitionKey, DeletedRecords>> {
    return deleteRecords(this.cluster, records, options);
  }

  /** Looks up offsets: earliest, latest, of a timestamp … */
  listOffsets(
    questions: readonly OffsetQuestion[],
    options: ListOffsetsOptions = {},
  ): Promise<Outcomes<TopicPartitionKey, ListedOffset>> {
    return listOffsets(this.cluster, questions, options);
  }

  /** Describes configurations of topics, brokers, groups … */
  describeConfigs(
    resources: readonly ConfigResource[],
    options: DescribeConfigsOptions = {},
  ): Promise<Outcomes<ConfigResourceKey, ReadonlyMap<string, ConfigEntry>>> {
    return describeConfigs(this.cluster, resources, options);
  }

  /** Changes some configurations and leaves the others. */
  incrementalAlterConfigs(
    alterations: readonly ConfigAlteration[],
    options: ValidateOptions = {},
  ): Promise<Outcomes<ConfigResourceKey, void>> {
    return incrementalAlterConfigs(this.cluster, alterations, options);
  }

  /** Lists what has configurations of its own. */
  listConfigResources(
    types: readonly ConfigResourceType[] = [],
    options: AdminCallOptions = {},
  ): Promise<readonly ConfigResource[]> {
    return listConfigResources(this.cluster, types, options);
  }

  /** Finds client quotas. */
  describeClientQuotas(
    filter: QuotaFilter,
    options: AdminCallOptions = {},
  ): Promise<readonly ClientQuotas[]> {
    return describeClientQuotas(this.cluster, filter, options);
  }

  /** Changes client quotas. */
  alterClientQuotas(
    alterations: readonly QuotaAlteration[],
    options: ValidateOptions = {},
  ): Promise<Outcomes<QuotaEntityKey, void>> {
    return alterClientQuotas(this.cluster, alterations, options);
  }

  /** Finds ACLs. */
  describeAcls(filter: AclFilter, options: AdminCallOptions = {}): Promise<readonly AclBinding[]> {
    return describeAcls(this.cluster, filter, options);
  }

  /** Creates ACLs; keys are the objects given. */
  createAcls(
    bindings: readonly AclBinding[],
    options: AdminCallOptions = {},
  ): Promise<Outcomes<AclBinding, undefined>> {
    return createAcls(this.cluster, bindings, options);
  }

  /** Deletes the ACLs that filters find; keys are the objects given. */
  deleteAcls(
    filters: readonly AclFilter[],
    options: AdminCallOptions = {},
  ): Promise<Outcomes<AclFilter, DeletedAcls>> {
    return deleteAcls(this.cluster, filters, options);
  }

  /** Describes users' SCRAM credentials. */
  describeUserScramCredentials(
    users: readonly string[] | "all" = "all",
    options: AdminCallOptions = {},
  ): Promise<Outcomes<string, readonly ScramCredentialInfo[]>> {
    return describeUserScramCredentials(this.cluster, users, options);
  }

  /** Sets and deletes SCRAM credentials; by user. */
  alterUserScramCredentials(
    alterations: readonly ScramAlteration[],
    options: AdminCallOptions = {},
  ): Promise<Outcomes<string, void>> {
    return alterUserScramCredentials(this.cluster, alterations, options);
  }

  /** Creates a delegation token. */
  createDelegationToken(options: CreateTokenOptions = {}): Promise<DelegationToken> {
    return createDelegationToken(this.cluster, options);
  }

  /** Lists delegation tokens. */
  describeDelegationToken(
    owners: readonly Principal[] | "all" = "all",
    options: AdminCallOptions = {},
  ): Promise<readonly DelegationToken[]> {
    return describeDelegationToken(this.cluster, owners, options);
  }

  /** Lets a delegation token live on; gives when it expires. */
  renewDelegationToken(hmac: Uint8Array, options: TokenPeriodOptions = {}): Promise<number> {
    return renewDelegationToken(this.cluster, hmac, options);
  }

  /** Lets a delegation token end sooner; gives when it expires. */
  expireDelegationToken(hmac: Uint8Array, options: TokenPeriodOptions = {}): Promise<number> {
    return expireDelegationToken(this.cluster, hmac, options);
  }

  /** Describes transactions. */
  describeTransactions(
    transactionalIds: readonly string[],
    options: AdminCallOptions = {},
  ): Promise<Outcomes<string, TransactionDescription>> {
    return describeTransactions(this.cluster, transactionalIds, options);
  }

  /** Lists the transactions of each broker. */
  listTransactions(
    options: ListTransactionsOptions = {},
  ): Promise<Outcomes<BrokerId, readonly TransactionListing[]>> {
    return listTransactions(this.cluster, options);
  }

  /** Describes the producers that partitions know. */
  describeProducers(
    partitions: readonly TopicPartition[],
    options: DescribeProducersOptions = {},
  ): Promise<Outcomes<TopicPartitionKey, readonly ProducerDescription[]>> {
    return describeProducers(this.cluster, partitions, options);
  }

  /** Aborts a transaction that hangs in a partition. */
  abortTransaction(transaction: HangingTransaction, options: AdminCallOptions = {}): Promise<void> {
    return abortTransaction(this.cluster, transaction, options);
  }

  /** Fences producers off. */
  fenceProducers(
    transactionalIds: readonly string[],
    options: AdminCallOptions = {},
  ): Promise<Outcomes<string, FencedProducer>> {
    return fenceProducers(this.cluster, transactionalIds, options);
  }

  /** Describes log directories of brokers. */
  describeLogDirs(
    brokerIds: readonly BrokerId[],
    options: AdminCallOptions = {},
  ): Promise<Outcomes<BrokerId, LogDirs>> {
    return describeLogDirs(this.cluster, brokerIds, options);
  }

  /** Tells in which directories replicas are. */
  describeReplicaLogDirs(
    replicas: readonly TopicPartitionReplica[],
    options: AdminCallOptions = {},
  ): Promise<Outcomes<ReplicaKey, ReplicaLogDirs>> {
    return describeReplicaLogDirs(this.cluster, replicas, options);
  }

  /** Moves replicas to other directories of their brokers. */
  alterReplicaLogDirs(
    moves: readonly ReplicaMove[],
    options: AdminCallOptions = {},
  ): Promise<Outcomes<ReplicaKey, void>> {
    return alterReplicaLogDirs(this.cluster, moves, options);
  }

  /** Moves partitions to other brokers. */
  alterPartitionReassignments(
    reassignments: readonly NewReassignment[],
    options: ReassignmentOptions = {},
  ): Promise<Outcomes<TopicPartitionKey, void>> {
    return alterPartitionReassignments(this.cluster, reassignments, options);
  }

  /** Lists moves of partitions that are under way. */
  listPartitionReassignments(
    partitions: readonly TopicPartition[] | "all" = "all",
    options: AdminCallOptions = {},
  ): Promise<ReadonlyMap<TopicPartitionKey, PartitionReassignment>> {
    return listPartitionReassignments(this.cluster, partitions, options);
  }

  /** Describes the cluster and its brokers. */
  describeCluster(options: DescribeClusterOptions = {}): Promise<ClusterDescription> {
    return describeCluster(this.cluster, options);
  }

  /** Describes finalized and supported features. */
  describeFeatures(options: AdminCallOptions = {}): Promise<FeaturesDescription> {
    return describeFeatures(this.cluster, options);
  }

  /** Changes the levels of features, all or none. */
  updateFeatures(
    updates: Readonly<Record<string, FeatureUpdate>>,
    options: ValidateOptions = {},
  ): Promise<void> {
    return updateFeatures(this.cluster, updates, options);
  }

  /** Describes the quorum of controllers. */
  describeMetadataQuorum(options: AdminCallOptions = {}): Promise<QuorumDescription> {
    return describeMetadataQuorum(this.cluster, options);
  }

  /** Adds a controller to the voters. */
  addRaftVoter(
    voter: RaftVoter & { readonly listeners: readonly RaftEndpoint[] },
    options: AdminCallOptions = {},
  ): Promise<void> {
    return addRaftVoter(this.cluster, voter, options);
  }

  /** Takes a controller out of the voters. */
  removeRaftVoter(voter: RaftVoter, options: AdminCallOptions = {}): Promise<void> {
    return removeRaftVoter(this.cluster, voter, options);
  }

  /** Makes the cluster forget a broker. */
  unregisterBroker(brokerId: BrokerId, options: AdminCallOptions = {}): Promise<void> {
    return unregisterBroker(this.cluster, brokerId, options);
  }

  /**
   * Elects leaders: the preferred replicas, or any that is alive. With `"all"` only partitions that
   * got another leader are told.
   */
  electLeaders(
    electionType: "preferred" | "unclean",
    partitions: readonly TopicPartition[] | "all" = "all",
    options: AdminCallOptions = {},
  ): Promise<Outcomes<TopicPartitionKey, void>> {
    return electLeaders(this.cluster, electionType, partitions, options);
  }

  /**
   * Ends the transaction that a transactional id has open, whoever began it.
   * @throws KafkaError
   */
  async forceTerminateTransaction(
    transactionalId: string,
    options: AdminCallOptions = {},
  ): Promise<void> {
    const outcomes = await fenceProducers(this.cluster, [transactionalId], options);
    valueOf(outcomes.get(transactionalId), "ending the transaction");
  }

  /** The admin has no connections of its own: they are the client's. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
