import type { MessageSchema } from "../../codec/schema.ts";
import { RegisterBrokerRecord } from "./metadata/00-register-broker.ts";
import { UnregisterBrokerRecord } from "./metadata/01-unregister-broker.ts";
import { TopicRecord } from "./metadata/02-topic.ts";
import { PartitionRecord } from "./metadata/03-partition.ts";
import { ConfigRecord } from "./metadata/04-config.ts";
import { PartitionChangeRecord } from "./metadata/05-partition-change.ts";
import { FenceBrokerRecord } from "./metadata/07-fence-broker.ts";
import { UnfenceBrokerRecord } from "./metadata/08-unfence-broker.ts";
import { RemoveTopicRecord } from "./metadata/09-remove-topic.ts";
import { DelegationTokenRecord } from "./metadata/10-delegation-token.ts";
import { UserScramCredentialRecord } from "./metadata/11-user-scram-credential.ts";
import { FeatureLevelRecord } from "./metadata/12-feature-level.ts";
import { ClientQuotaRecord } from "./metadata/14-client-quota.ts";
import { ProducerIdsRecord } from "./metadata/15-producer-ids.ts";
import { BrokerRegistrationChangeRecord } from "./metadata/17-broker-registration-change.ts";
import { AccessControlEntryRecord } from "./metadata/18-access-control-entry.ts";
import { RemoveAccessControlEntryRecord } from "./metadata/19-remove-access-control-entry.ts";
import { NoOpRecord } from "./metadata/20-no-op.ts";
import { ZkMigrationStateRecord } from "./metadata/21-zk-migration-state.ts";
import { RemoveUserScramCredentialRecord } from "./metadata/22-remove-user-scram-credential.ts";
import { BeginTransactionRecord } from "./metadata/23-begin-transaction.ts";
import { EndTransactionRecord } from "./metadata/24-end-transaction.ts";
import { AbortTransactionRecord } from "./metadata/25-abort-transaction.ts";
import { RemoveDelegationTokenRecord } from "./metadata/26-remove-delegation-token.ts";
import { RegisterControllerRecord } from "./metadata/27-register-controller.ts";
import { ClearElrRecord } from "./metadata/28-clear-elr.ts";

export {
  RegisterBrokerRecord,
  UnregisterBrokerRecord,
  TopicRecord,
  PartitionRecord,
  ConfigRecord,
  PartitionChangeRecord,
  FenceBrokerRecord,
  UnfenceBrokerRecord,
  RemoveTopicRecord,
  DelegationTokenRecord,
  UserScramCredentialRecord,
  FeatureLevelRecord,
  ClientQuotaRecord,
  ProducerIdsRecord,
  BrokerRegistrationChangeRecord,
  AccessControlEntryRecord,
  RemoveAccessControlEntryRecord,
  NoOpRecord,
  ZkMigrationStateRecord,
  RemoveUserScramCredentialRecord,
  BeginTransactionRecord,
  EndTransactionRecord,
  AbortTransactionRecord,
  RemoveDelegationTokenRecord,
  RegisterControllerRecord,
  ClearElrRecord,
};

/** The records of `__cluster_metadata`, by the type that stands before each. */
export const metadataRecordSchemas: ReadonlyMap<number, MessageSchema> = new Map(
  [
    RegisterBrokerRecord,
    UnregisterBrokerRecord,
    TopicRecord,
    PartitionRecord,
    ConfigRecord,
    PartitionChangeRecord,
    FenceBrokerRecord,
    UnfenceBrokerRecord,
    RemoveTopicRecord,
    DelegationTokenRecord,
    UserScramCredentialRecord,
    FeatureLevelRecord,
    ClientQuotaRecord,
    ProducerIdsRecord,
    BrokerRegistrationChangeRecord,
    AccessControlEntryRecord,
    RemoveAccessControlEntryRecord,
    NoOpRecord,
    ZkMigrationStateRecord,
    RemoveUserScramCredentialRecord,
    BeginTransactionRecord,
    EndTransactionRecord,
    AbortTransactionRecord,
    RemoveDelegationTokenRecord,
    RegisterControllerRecord,
    ClearElrRecord,
  ].map((schema) => [schema.apiKey, schema]),
);
