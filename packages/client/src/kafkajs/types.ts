import type { CompressionTypes, logLevel } from "./constants.ts";
import type { LogCreator } from "./logger.ts";

/** What `new Kafka` takes; the names and meanings are kafkajs's. */
export interface KafkaConfig {
  readonly brokers: readonly string[] | (() => readonly string[] | Promise<readonly string[]>);
  readonly ssl?: boolean | SslOptions;
  readonly sasl?: KafkaSasl;
  readonly clientId?: string;
  /** How long connecting to an address may take; 1 s. */
  readonly connectionTimeout?: number;
  /** How long a request may take; 30 s. */
  readonly requestTimeout?: number;
  readonly enforceRequestTimeout?: boolean;
  readonly retry?: RetryOptions;
  readonly logLevel?: logLevel;
  readonly logCreator?: LogCreator;
}

/** What of Node's TLS options is taken. */
export interface SslOptions {
  readonly ca?: string | Buffer | readonly (string | Buffer)[];
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly pfx?: Buffer;
  readonly passphrase?: string;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
  readonly minVersion?: string;
  readonly maxVersion?: string;
  readonly ciphers?: string;
}

/** Who this is. */
export type KafkaSasl =
  | {
      readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
      readonly username: string;
      readonly password: string;
    }
  | {
      readonly mechanism: "oauthbearer";
      readonly oauthBearerProvider: () => Promise<{ readonly value: string }>;
    };

/** How what fails is tried again. */
export interface RetryOptions {
  readonly maxRetryTime?: number;
  readonly initialRetryTime?: number;
  readonly factor?: number;
  readonly multiplier?: number;
  readonly retries?: number;
  readonly restartOnFailure?: (error: Error) => Promise<boolean>;
}

/** What `kafka.producer` takes. */
export interface ProducerConfig {
  readonly createPartitioner?: CustomPartitioner;
  readonly retry?: RetryOptions;
  readonly metadataMaxAge?: number;
  readonly allowAutoTopicCreation?: boolean;
  readonly idempotent?: boolean;
  readonly transactionalId?: string;
  readonly transactionTimeout?: number;
  readonly maxInFlightRequests?: number;
  /** Not kafkajs's: how the batches of transactions are compressed. */
  readonly transactionCompression?: CompressionTypes;
}

/** A record to send. */
export interface Message {
  readonly key?: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly partition?: number;
  readonly headers?: Headers;
  /** Milliseconds since 1970. */
  readonly timestamp?: string;
}

/** Headers by name; a name that comes several times has a list. */
export interface Headers {
  [key: string]: Buffer | string | (Buffer | string)[] | undefined;
}

/** Makes a partitioner. */
export type CustomPartitioner = () => (args: PartitionerArgs) => number;

/** What a partitioner chooses by. */
export interface PartitionerArgs {
  readonly topic: string;
  readonly partitionMetadata: PartitionMetadata[];
  readonly message: Message;
}

/** A partition of a topic. */
export interface PartitionMetadata {
  readonly partitionErrorCode: number;
  readonly partitionId: number;
  readonly leader: number;
  readonly replicas: number[];
  readonly isr: number[];
  readonly offlineReplicas?: number[];
}

/** What `send` takes. */
export interface ProducerRecord extends SendOptions {
  readonly topic: string;
  readonly messages: readonly Message[];
}

/** What `sendBatch` takes. */
export interface ProducerBatch extends SendOptions {
  readonly topicMessages?: readonly TopicMessages[];
}

/** Messages of a topic. */
export interface TopicMessages {
  readonly topic: string;
  readonly messages: readonly Message[];
}

/** How messages are sent. */
export interface SendOptions {
  readonly acks?: number;
  /** How long the broker may wait for replicas; the request time-out when not given. */
  readonly timeout?: number;
  readonly compression?: CompressionTypes;
}

/** Where messages of a partition were stored. */
export interface RecordMetadata {
  topicName: string;
  partition: number;
  errorCode: number;
  baseOffset?: string;
  logAppendTime?: string;
}

/** Offsets of a topic's partitions. */
export interface TopicOffsets {
  readonly topic: string;
  readonly partitions: readonly PartitionOffset[];
}

/** An offset of a partition. */
export interface PartitionOffset {
  readonly partition: number;
  readonly offset: string;
}

/** Offsets of topics. */
export interface Offsets {
  readonly topics: readonly TopicOffsets[];
}

/** A partition. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A partition and where in it. */
export interface TopicPartitionOffset extends TopicPartition {
  readonly offset: string;
}

/** Partitions of a topic. */
export interface TopicPartitions {
  topic: string;
  partitions: number[];
}

/** A record that was read. */
export interface KafkaMessage {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly timestamp: string;
  readonly attributes: number;
  readonly offset: string;
  readonly headers: Headers;
}
