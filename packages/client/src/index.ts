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
