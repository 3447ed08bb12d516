export { Client } from "./main.ts";
export type { ClusterSummary, ConnectOptions } from "./main.ts";
export type { CloseOptions } from "./cluster.ts";
export type { ClientErrorCode } from "./errors/client-error-code.ts";
export { KafkaError } from "./errors/kafka-error.ts";
export type { ErrorPlace, KafkaErrorOptions } from "./errors/kafka-error.ts";
export type {
  ClientOptions,
  OauthToken,
  OidcOptions,
  PemSource,
  SaslOptions,
  TlsOptions,
} from "./options/client-options.ts";
export { readClientProperties } from "./options/client-properties.ts";
export type { ClientProperties, ReadProperties } from "./options/client-properties.ts";
export type {
  BrokerNode,
  PartitionMetadata,
  TopicMetadata,
} from "./metadata/metadata-cache.ts";
export { Producer, type ProducerCloseOptions } from "./producer/producer.ts";
export type { CompressionOptions, ProducerOptions } from "./producer/producer-options.ts";
export type {
  HeaderValue,
  ProducerRecord,
  RecordHeadersInput,
  RecordMetadata,
} from "./producer/producer-record.ts";
export type {
  PartitionedRecord,
  Partitioner,
  PartitionerOption,
} from "./producer/partitioner/partitioner.ts";
export { Transaction } from "./producer/transaction/transaction.ts";
export type { TransactionOffset } from "./producer/transaction/transaction-requests.ts";
export { Consumer } from "./consumer/consumer.ts";
export type {
  OffsetAndTimestamp,
  OffsetInput,
  PartitionPosition,
  SubscribeInput,
} from "./consumer/consumer.ts";
export type { BatchOptions, ConsumerBatch } from "./consumer/consumer-batch.ts";
export type { CallOptions } from "./consumer/consumer-context.ts";
export type { ConsumerHealth, PartitionLag } from "./consumer/consumer-health.ts";
export type {
  ConsumerOptions,
  DeadLetterTarget,
  HandlerContext,
  HandlerRetry,
  OffsetReset,
  RecordHandler,
  RunOptions,
  UnreadablePolicy,
} from "./consumer/consumer-options.ts";
export { ConsumerRecord, type TimestampType } from "./consumer/consumer-record.ts";
export { deadLetterHeaders } from "./consumer/dead-letters.ts";
export type { RebalanceEvent, RebalanceHandler } from "./consumer/rebalance-listener.ts";
export type { RecordHeaders } from "./consumer/record-headers.ts";
export type { RecordSender, RecordToSend } from "./consumer/record-sender.ts";
export type {
  AssignorMember,
  CustomAssignor,
  GroupMetadata,
  GroupProtocol,
  MembershipHealth,
  PartitionAssignor,
  Subscription,
  TopicPartition,
} from "./group/membership.ts";
export { type AcknowledgedHandler, ShareConsumer } from "./share/share-consumer.ts";
export type { AcknowledgeType } from "./share/acknowledge-type.ts";
export type { ShareConsumerOptions } from "./share/share-options.ts";
export type { AcknowledgementOutcome } from "./share/share-outcome.ts";
export { ShareRecord } from "./share/share-record.ts";
export * from "./admin/index.ts";
export * from "./serdes/index.ts";
