export { Client } from "./main.ts";
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
