import type { MessageOf } from "@millrace/protocol";
import type * as schemas from "@millrace/protocol";

/**
 * The records of KRaft's metadata log, by the names of Kafka's definitions.
 * Format: docs/formats/cluster-metadata.md §3.
 */
export type MetadataRecord = {
  readonly [Type in MetadataRecordType]: {
    readonly type: Type;
    /** The version that it is written in. */
    readonly version: number;
    readonly data: MetadataRecordData[Type];
  };
}[MetadataRecordType];

/** The name of a kind of record. */
export type MetadataRecordType = keyof MetadataRecordData;

/** The fields of each kind of record. */
export interface MetadataRecordData {
  readonly RegisterBrokerRecord: MessageOf<typeof schemas.RegisterBrokerRecord>;
  readonly UnregisterBrokerRecord: MessageOf<typeof schemas.UnregisterBrokerRecord>;
  readonly TopicRecord: MessageOf<typeof schemas.TopicRecord>;
  readonly PartitionRecord: MessageOf<typeof schemas.PartitionRecord>;
  readonly ConfigRecord: MessageOf<typeof schemas.ConfigRecord>;
  readonly PartitionChangeRecord: MessageOf<typeof schemas.PartitionChangeRecord>;
  readonly FenceBrokerRecord: MessageOf<typeof schemas.FenceBrokerRecord>;
  readonly UnfenceBrokerRecord: MessageOf<typeof schemas.UnfenceBrokerRecord>;
  readonly RemoveTopicRecord: MessageOf<typeof schemas.RemoveTopicRecord>;
  readonly DelegationTokenRecord: MessageOf<typeof schemas.DelegationTokenRecord>;
  readonly UserScramCredentialRecord: MessageOf<typeof schemas.UserScramCredentialRecord>;
  readonly FeatureLevelRecord: MessageOf<typeof schemas.FeatureLevelRecord>;
  readonly ClientQuotaRecord: MessageOf<typeof schemas.ClientQuotaRecord>;
  readonly ProducerIdsRecord: MessageOf<typeof schemas.ProducerIdsRecord>;
  readonly BrokerRegistrationChangeRecord: MessageOf<typeof schemas.BrokerRegistrationChangeRecord>;
  readonly AccessControlEntryRecord: MessageOf<typeof schemas.AccessControlEntryRecord>;
  readonly RemoveAccessControlEntryRecord: MessageOf<typeof schemas.RemoveAccessControlEntryRecord>;
  readonly NoOpRecord: MessageOf<typeof schemas.NoOpRecord>;
  readonly ZkMigrationStateRecord: MessageOf<typeof schemas.ZkMigrationStateRecord>;
  readonly RemoveUserScramCredentialRecord: MessageOf<
    typeof schemas.RemoveUserScramCredentialRecord
  >;
  readonly BeginTransactionRecord: MessageOf<typeof schemas.BeginTransactionRecord>;
  readonly EndTransactionRecord: MessageOf<typeof schemas.EndTransactionRecord>;
  readonly AbortTransactionRecord: MessageOf<typeof schemas.AbortTransactionRecord>;
  readonly RemoveDelegationTokenRecord: MessageOf<typeof schemas.RemoveDelegationTokenRecord>;
  readonly RegisterControllerRecord: MessageOf<typeof schemas.RegisterControllerRecord>;
  readonly ClearElrRecord: MessageOf<typeof schemas.ClearElrRecord>;
}
