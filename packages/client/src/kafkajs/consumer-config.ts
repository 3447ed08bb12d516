import type { ConsumerOptions } from "../consumer/consumer-options.ts";
import type { CustomAssignor } from "../group/membership.ts";
import { assignersOf } from "./assigners.ts";
import type { Batch } from "./batch.ts";
import { checkConfig } from "./client-config.ts";
import { KafkaJSNonRetriableError } from "./errors.ts";
import type { KafkaMessage, Offsets, RetryOptions } from "./types.ts";

/** What `kafka.consumer` takes. */
export interface ConsumerConfig {
  readonly groupId: string;
  readonly partitionAssigners?: readonly CustomAssignor[];
  readonly metadataMaxAge?: number;
  readonly sessionTimeout?: number;
  /** Also the longest time between two batches; 5 min. */
  readonly rebalanceTimeout?: number;
  readonly heartbeatInterval?: number;
  readonly maxBytesPerPartition?: number;
  readonly minBytes?: number;
  readonly maxBytes?: number;
  readonly maxWaitTimeInMs?: number;
  readonly retry?: RetryOptions;
  readonly allowAutoTopicCreation?: boolean;
  readonly maxInFlightRequests?: number;
  readonly readUncommitted?: boolean;
  readonly rackId?: string;
}

/** What `subscribe` takes. */
export type ConsumerSubscription =
  | { readonly topics: readonly (string | RegExp)[]; readonly fromBeginning?: boolean }
  | { readonly topic: string | RegExp; readonly fromBeginning?: boolean };

/** What `run` takes. */
export interface ConsumerRunConfig {
  readonly autoCommit?: boolean;
  readonly autoCommitInterval?: number | null;
  readonly autoCommitThreshold?: number | null;
  readonly eachBatchAutoResolve?: boolean;
  readonly partitionsConsumedConcurrently?: number;
  readonly eachBatch?: EachBatchHandler;
  readonly eachMessage?: EachMessageHandler;
}

/** What `eachMessage` gets. */
export interface EachMessagePayload {
  topic: string;
  partition: number;
  message: KafkaMessage;
  heartbeat(): Promise<void>;
  pause(): () => void;
}

/** What `eachBatch` gets. */
export interface EachBatchPayload {
  batch: Batch;
  resolveOffset(offset: string): void;
  heartbeat(): Promise<void>;
  pause(): () => void;
  commitOffsetsIfNecessary(offsets?: Offsets): Promise<void>;
  uncommittedOffsets(): Offsets;
  isRunning(): boolean;
  isStale(): boolean;
}

/** Handles a message; a promise that fails has it come again. */
export type EachMessageHandler = (payload: EachMessagePayload) => Promise<void>;
/** Handles a batch. */
export type EachBatchHandler = (payload: EachBatchPayload) => Promise<void>;

const configKeys = new Set([
  "groupId",
  "partitionAssigners",
  "metadataMaxAge",
  "sessionTimeout",
  "rebalanceTimeout",
  "heartbeatInterval",
  "maxBytesPerPartition",
  "minBytes",
  "maxBytes",
  "maxWaitTimeInMs",
  "retry",
  "allowAutoTopicCreation",
  "maxInFlightRequests",
  "readUncommitted",
  "rackId",
]);
const runKeys = new Set([
  "autoCommit",
  "autoCommitInterval",
  "autoCommitThreshold",
  "eachBatchAutoResolve",
  "partitionsConsumedConcurrently",
  "eachBatch",
  "eachMessage",
]);

/** @throws KafkaJSNonRetriableError */
export function checkConsumerConfig(config: ConsumerConfig): void {
  checkConfig(config, configKeys, "consumer");
  if (!config.groupId)
    throw new KafkaJSNonRetriableError("Consumer groupId must be a non-empty string.");
  assignersOf(config.partitionAssigners);
}

/** @throws KafkaJSNonRetriableError */
export function checkRunConfig(config: ConsumerRunConfig): void {
  checkConfig(config, runKeys, "consumer.run");
  const { partitionsConsumedConcurrently: count = 1 } = config;
  if (Number.isInteger(count) && count > 0) return;
  throw new KafkaJSNonRetriableError(`partitionsConsumedConcurrently is ${count}: give 1 or more`);
}

/** A handler may take so long where the application does not say; kafkajs has no such limit. */
const MAX_POLL_INTERVAL_MS = 5 * 60_000;
const MEBIBYTE = 1024 * 1024;

/** Gives the client's options; times and sizes that are not given are kafkajs's. */
export function consumerOptionsOf(
  config: ConsumerConfig,
  offsetReset: "earliest" | "latest",
): ConsumerOptions & { readonly maxPollIntervalMs: number } {
  const { rackId } = config;
  return {
    groupId: config.groupId,
    groupProtocol: "classic",
    partitionAssignors: assignersOf(config.partitionAssigners),
    autoCommit: false,
    offsetReset,
    isolation: config.readUncommitted === true ? "read_uncommitted" : "read_committed",
    sessionTimeoutMs: config.sessionTimeout ?? 30_000,
    heartbeatIntervalMs: config.heartbeatInterval ?? 3_000,
    maxPollIntervalMs: config.rebalanceTimeout ?? MAX_POLL_INTERVAL_MS,
    maxPartitionFetchBytes: config.maxBytesPerPartition ?? MEBIBYTE,
    fetchMinBytes: config.minBytes ?? 1,
    fetchMaxBytes: config.maxBytes ?? 10 * MEBIBYTE,
    fetchMaxWaitMs: config.maxWaitTimeInMs ?? 5_000,
    allowAutoCreateTopics: config.allowAutoTopicCreation ?? true,
    ...(rackId === undefined || rackId === "" ? {} : { clientRack: rackId }),
  };
}
