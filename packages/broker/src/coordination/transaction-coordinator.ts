import {
  type Shard,
  type TransactionConfig,
  transactionMachine,
  type TransactionReplyTo,
  type TransactionRequest,
  type TransactionTypes,
  type WriteMarkersEffect,
} from "@millrace/coordinators";
import type { ClusterImage, MetadataListener, MetadataUpdate } from "@millrace/metadata";
import { assert, type Clock, type Logger, type Metrics, type Random } from "@millrace/platform";
import type { ErrorName } from "@millrace/protocol";

import type { BrokerConfig } from "../config/index.ts";
import { registerTransactionGauges } from "../metrics/transaction-metrics.ts";
import type { ProducerIds } from "../replication/producer-ids.ts";
import type { ReplicaSet } from "../replication/replica-set.ts";
import { CoordinatorShards } from "./coordinator-shards.ts";
import { internalTopics } from "./internal-topics.ts";
import type { MarkerResult, TransactionMarkers } from "./transaction-markers.ts";

/** How long the coordinator waits before it writes a marker again that could not be written. */
const MARKER_RETRY_MS = 100;

/** What the transaction coordinator works with. */
export interface TransactionCoordinatorOptions {
  readonly replicas: ReplicaSet;
  readonly markers: TransactionMarkers;
  readonly producerIds: ProducerIds;
  readonly config: () => BrokerConfig;
  readonly image: () => ClusterImage;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** The transactional ids whose partition of `__transaction_state` this broker leads. */
export class TransactionCoordinator implements MetadataListener {
  readonly shards: CoordinatorShards<TransactionTypes>;
  readonly #options: TransactionCoordinatorOptions;

  constructor(options: TransactionCoordinatorOptions) {
    const { replicas, metrics, clock, random, logger } = options;
    this.#options = options;
    this.shards = new CoordinatorShards<TransactionTypes>({
      replicas,
      clock,
      random,
      logger,
      topic: internalTopics.transactionState,
      measured: { metrics, as: "transaction" },
      machine: transactionMachine(() => this.#config()),
      perform: (effect, shard) => void this.#writeMarkers(effect, shard),
    });
    registerTransactionGauges(metrics, () => this.#states());
  }

  /** The finalized level of transaction.version. */
  get transactionVersion(): number {
    return this.#options.image().features.levels.get("transaction.version") ?? 0;
  }

  /** Carries out a request for a transactional id and gives its answer when that may leave. */
  async submit<Kind extends TransactionRequest["kind"]>(
    transactionalId: string,
    request: TransactionRequest & { readonly kind: Kind },
  ): Promise<TransactionReplyTo<Kind>> {
    return expectKind<Kind>(await this.shards.submit(transactionalId, request), request.kind);
  }

  /** Asks every shard here, one answer each. */
  async submitToAll<Kind extends TransactionRequest["kind"]>(
    request: TransactionRequest & { readonly kind: Kind },
  ): Promise<readonly TransactionReplyTo<Kind>[]> {
    const replies = [...this.shards.shards()].map((shard) => shard.submit(request));
    return (await Promise.all(replies)).map((reply) => expectKind<Kind>(reply, request.kind));
  }

  /**
   * Asks with and, when the coordinator wants one, without a fresh producer id.
   * @returns the answer, or why there is no producer id.
   */
  async withProducerId<Reply extends { readonly error: ErrorName | "needs-producer-id" }>(
    ask: (freshProducerId: bigint | undefined) => Promise<Reply>,
  ): Promise<Reply | { readonly error: ErrorName }> {
    const reply = await ask(undefined);
    if (reply.error !== "needs-producer-id") return reply;
    const allocated = await this.#options.producerIds.allocate();
    return allocated.kind === "refused" ? allocated : ask(allocated.producerId);
  }

  onMetadata(update: MetadataUpdate): void {
    this.shards.onMetadata(update);
  }

  *#states(): IterableIterator<TransactionTypes["state"]> {
    for (const shard of this.shards.shards()) yield shard.state;
  }

  /** Ends it: who waits is answered NOT_COORDINATOR. */
  stop(): void {
    this.shards.stop();
  }

  /**
   * Writes the markers of a decided end, as often as it takes, and tells the shard when all are
   * there.
   */
  async #writeMarkers(effect: WriteMarkersEffect, shard: Shard<TransactionTypes>): Promise<void> {
    const { transactionalId, producerId, producerEpoch, isCommit, transactionVersion } = effect;
    const marker = {
      producerId,
      producerEpoch,
      isCommit,
      transactionVersion,
      coordinatorEpoch: this.shards.leaderEpochOf(transactionalId) ?? 0,
    };
    let left = effect.partitions;
    while (left.size > 0 && shard.phase === "active") {
      const results = await this.#options.markers.write(marker, left);
      left = groupByTopic(results.filter(({ error }) => isTemporary(error)));
      if (left.size > 0) await this.#pause();
    }
    const input = { kind: "markers-written", transactionalId, producerId, producerEpoch } as const;
    if (shard.phase === "active") await shard.submit(input);
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.setTimer(MARKER_RETRY_MS, resolve);
    });
  }

  #config(): TransactionConfig {
    const config = this.#options.config();
    return {
      timeoutMsMax: config.transactionMaxTimeoutMs,
      idExpirationMs: config.transactionalIdExpirationMs,
      timeoutCheckIntervalMs: config.transactionAbortTimedOutTransactionCleanupIntervalMs,
      expiryCheckIntervalMs: config.transactionRemoveExpiredTransactionCleanupIntervalMs,
      transactionVersion: this.transactionVersion,
    };
  }
}

/**
 * Whether a marker may yet be written. A partition that is gone needs none, and one that knows a
 * newer epoch of producer or coordinator has been told by somebody else.
 */
function isTemporary(error: ErrorName): boolean {
  return (
    error === "NOT_LEADER_OR_FOLLOWER" ||
    error === "KAFKA_STORAGE_ERROR" ||
    error === "NOT_ENOUGH_REPLICAS"
  );
}

function groupByTopic(results: readonly MarkerResult[]): ReadonlyMap<string, ReadonlySet<number>> {
  const topics = new Map<string, Set<number>>();
  for (const { topic, partition } of results) {
    const partitions = topics.get(topic) ?? new Set<number>();
    topics.set(topic, partitions.add(partition));
  }
  return topics;
}

function expectKind<Kind extends TransactionRequest["kind"]>(
  reply: TransactionTypes["reply"],
  kind: Kind,
): TransactionReplyTo<Kind> {
  assert(isKind(reply, kind), `a ${kind} request was answered with ${reply.kind}`);
  return reply;
}

function isKind<Kind extends TransactionRequest["kind"]>(
  reply: TransactionTypes["reply"],
  kind: Kind,
): reply is TransactionReplyTo<Kind> {
  return reply.kind === kind;
}
