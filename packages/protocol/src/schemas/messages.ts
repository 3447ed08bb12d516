import type { MessageSchema } from "../codec/schema.ts";
import { RequestHeader, ResponseHeader } from "./headers.ts";
import {
  ControlRecordTypeSchema,
  EndTxnMarker,
  LeaderChangeMessage,
  SnapshotHeaderRecord,
  SnapshotFooterRecord,
  KRaftVersionRecord,
  VotersRecord,
} from "./records/control-records.ts";
import { DefaultPrincipalData } from "./records/default-principal-data.ts";
import {
  ConsumerProtocolSubscription,
  ConsumerProtocolAssignment,
} from "./records/consumer-protocol.ts";
import { QuorumStateData } from "./records/quorum-state-data.ts";
import { ProducerSnapshot } from "./records/producer-snapshot.ts";
import {
  RemoteLogSegmentMetadataRecord,
  RemoteLogSegmentMetadataUpdateRecord,
  RemotePartitionDeleteMetadataRecord,
  RemoteLogSegmentMetadataSnapshotRecord,
} from "./records/remote-log-metadata.ts";
import { SubscriptionInfoData } from "./records/streams-subscription-info.ts";
import { TransactionLogKey, TransactionLogValue } from "./records/transaction/transaction-log.ts";
import { ShareSnapshotKey, ShareSnapshotValue } from "./records/share/share-snapshot.ts";
import { ShareUpdateKey, ShareUpdateValue } from "./records/share/share-update.ts";
import { groupKeySchemas, groupValueSchemas } from "./records/group-records.ts";
import { metadataRecordSchemas } from "./records/metadata-records.ts";

export {
  RequestHeader,
  ResponseHeader,
  ControlRecordTypeSchema,
  EndTxnMarker,
  LeaderChangeMessage,
  SnapshotHeaderRecord,
  SnapshotFooterRecord,
  KRaftVersionRecord,
  VotersRecord,
  DefaultPrincipalData,
  ConsumerProtocolSubscription,
  ConsumerProtocolAssignment,
  QuorumStateData,
  ProducerSnapshot,
  RemoteLogSegmentMetadataRecord,
  RemoteLogSegmentMetadataUpdateRecord,
  RemotePartitionDeleteMetadataRecord,
  RemoteLogSegmentMetadataSnapshotRecord,
  SubscriptionInfoData,
  TransactionLogKey,
  TransactionLogValue,
  ShareSnapshotKey,
  ShareSnapshotValue,
  ShareUpdateKey,
  ShareUpdateValue,
};

/** Every message of Kafka 4.3.1 that is not a request or a response. */
export const messageSchemaList: readonly MessageSchema[] = [
  RequestHeader,
  ResponseHeader,
  ControlRecordTypeSchema,
  EndTxnMarker,
  LeaderChangeMessage,
  SnapshotHeaderRecord,
  SnapshotFooterRecord,
  KRaftVersionRecord,
  VotersRecord,
  DefaultPrincipalData,
  ConsumerProtocolSubscription,
  ConsumerProtocolAssignment,
  QuorumStateData,
  ProducerSnapshot,
  RemoteLogSegmentMetadataRecord,
  RemoteLogSegmentMetadataUpdateRecord,
  RemotePartitionDeleteMetadataRecord,
  RemoteLogSegmentMetadataSnapshotRecord,
  SubscriptionInfoData,
  TransactionLogKey,
  TransactionLogValue,
  ShareSnapshotKey,
  ShareSnapshotValue,
  ShareUpdateKey,
  ShareUpdateValue,
  ...metadataRecordSchemas.values(),
  ...groupKeySchemas.values(),
  ...groupValueSchemas.values(),
];
