import {
  AddOffsetsToTxn,
  AddPartitionsToTxn,
  type ApiSchema,
  EndTxn,
  type ErrorName,
  errorName,
  InitProducerId,
  type ProducerEpoch,
  type ProducerId,
  type ResponseOf,
  TxnOffsetCommit,
} from "@millrace/protocol";
import type { Cluster, CoordinatorKind, RequestFor } from "../../cluster.ts";
import { asKafkaError, KafkaError } from "../../errors/kafka-error.ts";
import type { GroupMetadata, TopicPartition } from "../../group/membership.ts";
import { backoffMs } from "../../retry/backoff.ts";
import type { BatchProducer } from "../batch/producer-batch.ts";
import type { ResolvedProducerOptions } from "../producer-options.ts";
import { type CoordinatorVerdict, graver, judgeCoordinatorError } from "./coordinator-verdict.ts";

/** A group's position that goes with a transaction: the next offset to read. */
export interface TransactionOffset extends TopicPartition {
  readonly offset: bigint | number;
  /** The epoch of the record before it; left out when it is not known. */
  readonly leaderEpoch?: number | undefined;
  readonly metadata?: string | undefined;
}

/** How a request is asked until it is answered for good. */
interface Exchange<A extends ApiSchema> {
  readonly api: A;
  readonly kind: CoordinatorKind;
  readonly key: string;
  readonly request: RequestFor<A>;
  readonly minVersion?: number;
  readonly maxVersion?: number;
  /** The error codes inside an answer, with the place of each. */
  readonly errorsOf: (body: ResponseOf<A>) => readonly CodeAt[];
  /** Errors that mean something else here. */
  readonly exceptions?: Readonly<Partial<Record<ErrorName, CoordinatorVerdict>>>;
  readonly timeoutMs: number;
  /** The pause after CONCURRENT_TRANSACTIONS, where the one before is about to end. */
  readonly shortPauseMs?: number;
}

interface CodeAt {
  readonly code: number;
  readonly topic?: string;
  readonly partition?: number;
}

/** Versions of these requests are spoken by brokers among themselves from here on. */
const ADD_PARTITIONS_CLIENT_VERSION_MAX = 3;
/** With newer versions the coordinator adds the group itself (KIP-890). */
const TXN_OFFSET_COMMIT_VERSION_1_MAX = 4;
/** With newer versions the coordinator raises the epoch (KIP-890). */
const END_TXN_VERSION_1_MAX = 4;
/** From here on a group's member is fenced (KIP-447). */
const TXN_OFFSET_COMMIT_FENCING_VERSION_MIN = 3;
/** Java's pause before the first partition is added while the transaction before it ends. */
const SHORT_PAUSE_MS = 20;
const LANE = "transaction";

/** What transactions ask of coordinators: asked again until it succeeds, fails, or time is over. */
export class TransactionRequests {
  readonly #cluster: Cluster;
  readonly #options: ResolvedProducerOptions;
  readonly #transactionalId: string;
  readonly #closed: AbortSignal;

  constructor(context: {
    readonly cluster: Cluster;
    readonly options: ResolvedProducerOptions;
    readonly transactionalId: string;
    readonly closed: AbortSignal;
  }) {
    this.#cluster = context.cluster;
    this.#options = context.options;
    this.#transactionalId = context.transactionalId;
    this.#closed = context.closed;
  }

  /** Gets id and epoch, and ends what a producer of the same name left open. */
  async initProducerId(
    current: BatchProducer | undefined,
  ): Promise<{ readonly producerId: ProducerId; readonly producerEpoch: ProducerEpoch }> {
    const { transactionTimeoutMs } = this.#options;
    const { producerId = -1n, producerEpoch = -1 } = current ?? {};
    const transactionalId = this.#transactionalId;
    const fields = { transactionalId, transactionTimeoutMs };
    return this.#ask({
      ...this.#own,
      api: InitProducerId,
      request: (version) => (version >= 3 ? { ...fields, producerId, producerEpoch } : fields),
      // Version 6 begins two-phase commits, which this producer does not speak.
      maxVersion: 5,
      errorsOf: ({ errorCode: code }) => [{ code }],
      exceptions: { UNKNOWN_PRODUCER_ID: "fatal", INVALID_PRODUCER_ID_MAPPING: "fatal" },
      timeoutMs: this.#options.maxBlockMs,
    });
  }

  /** Tells the coordinator which partitions take part. */
  async addPartitions(
    producer: BatchProducer,
    partitions: readonly TopicPartition[],
    isFirst: boolean,
  ): Promise<void> {
    await this.#ask({
      ...this.#own,
      api: AddPartitionsToTxn,
      request: {
        v3AndBelowTransactionalId: this.#transactionalId,
        v3AndBelowProducerId: producer.producerId,
        v3AndBelowProducerEpoch: producer.producerEpoch,
        v3AndBelowTopics: byTopic(partitions).map(([name, some]) => ({
          name,
          partitions: some.map(({ partition }) => partition),
        })),
      },
      maxVersion: ADD_PARTITIONS_CLIENT_VERSION_MAX,
      errorsOf: ({ resultsByTopicV3AndBelow: topics }) =>
        topics.flatMap(({ name: topic, resultsByPartition }) =>
          resultsByPartition.map(({ partitionIndex: partition, partitionErrorCode: code }) => ({
            code,
            topic,
            partition,
          })),
        ),
      timeoutMs: this.#options.deliveryTimeoutMs,
      ...(isFirst ? { shortPauseMs: SHORT_PAUSE_MS } : {}),
    });
  }

  /** Stores a group's offsets with the transaction. */
  async sendOffsets(
    producer: BatchProducer,
    group: GroupMetadata,
    offsets: readonly TransactionOffset[],
    isVersion2: boolean,
  ): Promise<void> {
    if (!isVersion2) await this.#addOffsets(producer, group);
    const isMember = group.memberId !== "" || group.generationId >= 0;
    const who = {
      transactionalId: this.#transactionalId,
      groupId: group.groupId,
      producerId: producer.producerId,
      producerEpoch: producer.producerEpoch,
      topics: byTopic(offsets).map(([name, some]) => ({ name, partitions: some.map(wireOffset) })),
    };
    const member = {
      generationId: group.generationId,
      memberId: group.memberId,
      groupInstanceId: group.groupInstanceId ?? null,
    };
    await this.#ask({
      api: TxnOffsetCommit,
      kind: "group",
      key: group.groupId,
      request: (version) =>
        version >= TXN_OFFSET_COMMIT_FENCING_VERSION_MIN ? { ...who, ...member } : who,
      ...(isMember ? { minVersion: TXN_OFFSET_COMMIT_FENCING_VERSION_MIN } : {}),
      ...(isVersion2 ? {} : { maxVersion: TXN_OFFSET_COMMIT_VERSION_1_MAX }),
      errorsOf: ({ topics }) =>
        topics.flatMap(({ name: topic, partitions }) =>
          partitions.map(({ partitionIndex: partition, errorCode: code }) => ({
            code,
            topic,
            partition,
          })),
        ),
      exceptions: { REQUEST_TIMED_OUT: "find" },
      timeoutMs: this.#options.maxBlockMs,
    });
  }

  /** Commits or aborts. @returns id and epoch from now on, where the broker gives new ones */
  async endTransaction(
    producer: BatchProducer,
    isCommitted: boolean,
    isVersion2: boolean,
  ): Promise<{ readonly producerId: ProducerId; readonly producerEpoch: ProducerEpoch }> {
    return this.#ask({
      ...this.#own,
      api: EndTxn,
      request: {
        transactionalId: this.#transactionalId,
        producerId: producer.producerId,
        producerEpoch: producer.producerEpoch,
        committed: isCommitted,
      },
      ...(isVersion2 ? {} : { maxVersion: END_TXN_VERSION_1_MAX }),
      errorsOf: ({ errorCode: code }) => [{ code }],
      timeoutMs: this.#options.maxBlockMs,
    });
  }

  get #own(): { readonly kind: "transaction"; readonly key: string } {
    return { kind: "transaction", key: this.#transactionalId };
  }

  async #addOffsets(producer: BatchProducer, group: GroupMetadata): Promise<void> {
    await this.#ask({
      ...this.#own,
      api: AddOffsetsToTxn,
      request: {
        transactionalId: this.#transactionalId,
        producerId: producer.producerId,
        producerEpoch: producer.producerEpoch,
        groupId: group.groupId,
      },
      errorsOf: ({ errorCode: code }) => [{ code }],
      timeoutMs: this.#options.maxBlockMs,
    });
  }

  async #ask<A extends ApiSchema>(exchange: Exchange<A>): Promise<ResponseOf<A>> {
    const { clock, random } = this.#cluster;
    const deadlineMs = clock.monotonicMs() + exchange.timeoutMs;
    const { retryBackoffMs: initialMs, retryBackoffMaxMs: maxMs } = this.#options;
    for (let failures = 0; ; failures += 1) {
      const outcome = await this.#askOnce(exchange, deadlineMs - clock.monotonicMs());
      if (!(outcome instanceof KafkaError)) return outcome;
      const isSoon = outcome.code === "CONCURRENT_TRANSACTIONS";
      const pauseMs =
        isSoon && exchange.shortPauseMs !== undefined
          ? exchange.shortPauseMs
          : backoffMs(failures, { initialMs, maxMs }, random);
      if (clock.monotonicMs() + pauseMs >= deadlineMs) throw timedOut(exchange, outcome);
      await new Promise<void>((resolve) => {
        clock.setTimer(pauseMs, resolve);
      });
      if (this.#closed.aborted) throw new KafkaError("CLIENT_CLOSED", "the producer was closed");
    }
  }

  /** Asks once. @returns the answer, or the error after which to ask again @throws other errors */
  async #askOnce<A extends ApiSchema>(
    exchange: Exchange<A>,
    remainingMs: number,
  ): Promise<ResponseOf<A> | KafkaError> {
    const { api, kind, key, minVersion, maxVersion } = exchange;
    const signal = this.#closed;
    try {
      const wait = { timeoutMs: Math.max(0, remainingMs), signal };
      const node = await this.#cluster.coordinator(kind, key, wait);
      const timeoutMs = this.#options.requestTimeoutMs;
      const answer = await this.#cluster.send(node, api, exchange.request, {
        lane: LANE,
        timeoutMs,
        signal,
        minVersion,
        maxVersion,
      });
      return this.#judge(exchange, answer.body, node);
    } catch (error) {
      const failure = asKafkaError(error, "NETWORK_EXCEPTION", { what: `${api.name} failed` });
      if (failure.fatal || failure.abortable || !failure.retriable) throw failure;
      this.#cluster.forgetCoordinator(kind, key);
      return failure;
    }
  }

  #judge<A extends ApiSchema>(
    exchange: Exchange<A>,
    body: ResponseOf<A>,
    node: number,
  ): ResponseOf<A> | KafkaError {
    let worst: CoordinatorVerdict = "fine";
    let error: KafkaError | undefined;
    for (const at of exchange.errorsOf(body)) {
      const name = errorName(at.code);
      const verdict = exchange.exceptions?.[name] ?? judgeCoordinatorError(name);
      if (verdict === "fine" || (error !== undefined && graver(worst, verdict) === worst)) continue;
      worst = verdict;
      error = this.#errorOf(exchange, { name, verdict, node, at });
    }
    if (error === undefined) return body;
    if (worst === "abort" || worst === "fatal") throw error;
    if (worst === "find") this.#cluster.forgetCoordinator(exchange.kind, exchange.key);
    return error;
  }

  #errorOf<A extends ApiSchema>(
    { api, kind, key }: Exchange<A>,
    found: {
      readonly name: ErrorName;
      readonly verdict: CoordinatorVerdict;
      readonly node: number;
      readonly at: CodeAt;
    },
  ): KafkaError {
    const { name, verdict, node, at } = found;
    // Older coordinators say INVALID_PRODUCER_EPOCH to a producer that is fenced.
    const isFenced = name === "INVALID_PRODUCER_EPOCH" || name === "PRODUCER_FENCED";
    return new KafkaError(isFenced ? "PRODUCER_FENCED" : name, `${api.name} was refused`, {
      api: api.name,
      node,
      topic: at.topic,
      partition: at.partition,
      ...(kind === "group" ? { group: key } : {}),
      fatal: verdict === "fatal",
      abortable: verdict === "abort",
    });
  }
}

function timedOut<A extends ApiSchema>(exchange: Exchange<A>, cause: KafkaError): KafkaError {
  const what = `${exchange.api.name} had no success in ${Math.round(exchange.timeoutMs)} ms (${cause.code})`;
  return new KafkaError("REQUEST_TIMED_OUT", what, { api: exchange.api.name, cause });
}

function byTopic<T extends TopicPartition>(partitions: readonly T[]): readonly [string, T[]][] {
  const topics = new Map<string, T[]>();
  for (const partition of partitions) {
    const some = topics.get(partition.topic);
    if (some === undefined) topics.set(partition.topic, [partition]);
    else some.push(partition);
  }
  return [...topics];
}

function wireOffset({ partition, offset, leaderEpoch, metadata }: TransactionOffset): {
  readonly partitionIndex: number;
  readonly committedOffset: number;
  readonly committedLeaderEpoch: number;
  readonly committedMetadata: string;
} {
  return {
    partitionIndex: partition,
    committedOffset: Number(offset),
    committedLeaderEpoch: leaderEpoch ?? -1,
    committedMetadata: metadata ?? "",
  };
}
