export * from "./constants.ts";
export { AssignerProtocol, PartitionAssigners } from "./assigners.ts";
export type { Admin } from "./admin.ts";
export type { AclEntry, AclEntryFilter } from "./admin-config.ts";
export type { TopicConfig as ITopicConfig } from "./admin-topics.ts";
export type { Batch } from "./batch.ts";
export type { Consumer } from "./consumer.ts";
export type {
  ConsumerConfig,
  ConsumerRunConfig,
  EachBatchHandler,
  EachBatchPayload,
  EachMessageHandler,
  EachMessagePayload,
} from "./consumer-config.ts";
export {
  KafkaJSAggregateError,
  KafkaJSAlterPartitionReassignmentsError,
  KafkaJSConnectionError,
  KafkaJSCreateTopicError,
  KafkaJSDeleteGroupsError,
  KafkaJSDeleteTopicRecordsError,
  KafkaJSError,
  KafkaJSNonRetriableError,
  KafkaJSNotImplemented,
  KafkaJSNumberOfRetriesExceeded,
  KafkaJSOffsetOutOfRange,
  KafkaJSProtocolError,
  KafkaJSRequestTimeoutError,
  KafkaJSSASLAuthenticationError,
  KafkaJSServerDoesNotSupportApiKey,
} from "./errors.ts";
export type { GroupDescription } from "./group-shapes.ts";
export type { InstrumentationEvent } from "./instrumentation.ts";
export type { LogCreator as logCreator, LogEntry, Logger } from "./logger.ts";
export { Kafka } from "./kafka.ts";
export { Partitioners } from "./partitioners.ts";
export type { Producer } from "./producer.ts";
export type { Transaction } from "./transaction.ts";
export type {
  CustomPartitioner as ICustomPartitioner,
  Headers as IHeaders,
  KafkaConfig,
  KafkaMessage,
  KafkaSasl as SASLOptions,
  Message,
  Offsets,
  PartitionMetadata,
  PartitionOffset,
  PartitionerArgs,
  ProducerBatch,
  ProducerConfig,
  ProducerRecord,
  RecordMetadata,
  RetryOptions,
  TopicMessages,
  TopicOffsets,
  TopicPartition,
  TopicPartitionOffset,
  TopicPartitions,
} from "./types.ts";
