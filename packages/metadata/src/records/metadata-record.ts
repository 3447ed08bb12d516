/**
 * The records of KRaft's metadata log, by the names of Kafka's definitions.
 * Format: docs/formats/cluster-metadata.md §3.
 */
export type MetadataRecord = {
  readonly [Type in keyof MetadataRecordData]: {
    readonly type: Type;
    /** The version that it is written in. */
    readonly version: number;
    readonly data: MetadataRecordData[Type];
  };
}[keyof MetadataRecordData];

/** The name of a kind of record. */
export type MetadataRecordType = keyof MetadataRecordData;

/** The fields of each kind of record. */
export interface MetadataRecordData {
  readonly RegisterBrokerRecord: {
    readonly brokerId: number;
    readonly isMigratingZkBroker: boolean;
    readonly incarnationId: string;
    readonly brokerEpoch: number;
    readonly endPoints: readonly EndPointData[];
    readonly features: readonly FeatureData[];
    readonly rack: string | null;
    readonly fenced: boolean;
    readonly inControlledShutdown: boolean;
    readonly logDirs: readonly string[];
    readonly cordonedLogDirs: readonly string[] | null;
  };
  readonly UnregisterBrokerRecord: { readonly brokerId: number; readonly brokerEpoch: number };
  readonly TopicRecord: { readonly name: string; readonly topicId: string };
  readonly PartitionRecord: {
    readonly partitionId: number;
    readonly topicId: string;
    readonly replicas: readonly number[];
    readonly isr: readonly number[];
    readonly removingReplicas: readonly number[];
    readonly addingReplicas: readonly number[];
    readonly leader: number;
    readonly leaderRecoveryState: number;
    readonly leaderEpoch: number;
    readonly partitionEpoch: number;
    readonly directories: readonly string[];
    readonly eligibleLeaderReplicas: readonly number[] | null;
    readonly lastKnownElr: readonly number[] | null;
  };
  readonly ConfigRecord: {
    readonly resourceType: number;
    readonly resourceName: string;
    readonly name: string;
    readonly value: string | null;
  };
  readonly PartitionChangeRecord: {
    readonly partitionId: number;
    readonly topicId: string;
    readonly isr: readonly number[] | null;
    readonly leader: number;
    readonly replicas: readonly number[] | null;
    readonly removingReplicas: readonly number[] | null;
    readonly addingReplicas: readonly number[] | null;
    readonly leaderRecoveryState: number;
    readonly directories: readonly string[] | null;
    readonly eligibleLeaderReplicas: readonly number[] | null;
    readonly lastKnownElr: readonly number[] | null;
  };
  readonly FenceBrokerRecord: { readonly id: number; readonly epoch: number };
  readonly UnfenceBrokerRecord: { readonly id: number; readonly epoch: number };
  readonly RemoveTopicRecord: { readonly topicId: string };
  readonly DelegationTokenRecord: {
    readonly owner: string;
    readonly requester: string;
    readonly renewers: readonly string[];
    readonly issueTimestamp: number;
    readonly maxTimestamp: number;
    readonly expirationTimestamp: number;
    readonly tokenId: string;
  };
  readonly UserScramCredentialRecord: {
    readonly name: string;
    readonly mechanism: number;
    readonly salt: Uint8Array;
    readonly storedKey: Uint8Array;
    readonly serverKey: Uint8Array;
    readonly iterations: number;
  };
  readonly FeatureLevelRecord: { readonly name: string; readonly featureLevel: number };
  readonly ClientQuotaRecord: {
    readonly entity: readonly { readonly entityType: string; readonly entityName: string | null }[];
    readonly key: string;
    readonly value: number;
    readonly remove: boolean;
  };
  readonly ProducerIdsRecord: {
    readonly brokerId: number;
    readonly brokerEpoch: number;
    readonly nextProducerId: bigint;
  };
  readonly BrokerRegistrationChangeRecord: {
    readonly brokerId: number;
    readonly brokerEpoch: number;
    readonly fenced: number;
    readonly inControlledShutdown: number;
    readonly logDirs: readonly string[];
    readonly cordonedLogDirs: readonly string[] | null;
  };
  readonly AccessControlEntryRecord: {
    readonly id: string;
    readonly resourceType: number;
    readonly resourceName: string;
    readonly patternType: number;
    readonly principal: string;
    readonly host: string;
    readonly operation: number;
    readonly permissionType: number;
  };
  readonly RemoveAccessControlEntryRecord: { readonly id: string };
  readonly NoOpRecord: Record<never, never>;
  readonly ZkMigrationStateRecord: { readonly zkMigrationState: number };
  readonly RemoveUserScramCredentialRecord: { readonly name: string; readonly mechanism: number };
  readonly BeginTransactionRecord: { readonly name: string | null };
  readonly EndTransactionRecord: Record<never, never>;
  readonly AbortTransactionRecord: { readonly reason: string | null };
  readonly RemoveDelegationTokenRecord: { readonly tokenId: string };
  readonly RegisterControllerRecord: {
    readonly controllerId: number;
    readonly incarnationId: string;
    readonly zkMigrationReady: boolean;
    readonly endPoints: readonly EndPointData[];
    readonly features: readonly FeatureData[];
  };
  readonly ClearElrRecord: { readonly topicName: string };
}

interface EndPointData {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly securityProtocol: number;
}

interface FeatureData {
  readonly name: string;
  readonly minSupportedVersion: number;
  readonly maxSupportedVersion: number;
}
