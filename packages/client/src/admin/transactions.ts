import {
  type BrokerId,
  DescribeProducers,
  DescribeTransactions,
  InitProducerId,
  ListTransactions,
  WriteTxnMarkers,
} from "@millrace/protocol";

import type { Cluster } from "../cluster.ts";
import { KafkaError } from "../errors/kafka-error.ts";
import { outcomeOf } from "./answer.ts";
import type { AdminCallOptions } from "./call-options.ts";
import { brokerIds } from "./groups/list-groups.ts";
import { type Outcomes, settleEach } from "./settle-each.ts";
import { askCoordinators, askLeaders, askTargets } from "./targets.ts";
import {
  byPartition,
  byTopic,
  type TopicPartition,
  type TopicPartitionKey,
  topicPartitionKey,
} from "./topic-partition.ts";

/** What a transaction is doing, in Kafka's words. */
export type TransactionState =
  | "Empty"
  | "Ongoing"
  | "PrepareCommit"
  | "PrepareAbort"
  | "CompleteCommit"
  | "CompleteAbort"
  | "PrepareEpochFence"
  | "Dead"
  | "Unknown";

const transactionStates: readonly TransactionState[] = [
  "Empty",
  "Ongoing",
  "PrepareCommit",
  "PrepareAbort",
  "CompleteCommit",
  "CompleteAbort",
  "PrepareEpochFence",
  "Dead",
];

function stateOf(name: string): TransactionState {
  return transactionStates.find((state) => state === name) ?? "Unknown";
}

/** A transactional id and its transaction. */
export interface TransactionDescription {
  readonly transactionalId: string;
  readonly coordinator: BrokerId;
  readonly state: TransactionState;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly timeoutMs: number;
  /** Undefined while there is no transaction. */
  readonly startTimestamp: number | undefined;
  readonly partitions: readonly TopicPartition[];
}

/** Describes transactions by their transactional ids. */
export function describeTransactions(
  cluster: Cluster,
  transactionalIds: readonly string[],
  options: AdminCallOptions,
): Promise<Outcomes<string, TransactionDescription>> {
  const what = "describing transactions";
  return settleEach<string, TransactionDescription>(cluster, {
    what,
    items: transactionalIds,
    call: options,
    attempt: (open, state) =>
      askCoordinators(cluster, open, { kind: "transaction", what, state }, async (target, ids) => {
        const request = { transactionalIds: [...ids] };
        const { signal } = state;
        const { body } = await cluster.send(target, DescribeTransactions, request, { signal });
        return new Map(
          body.transactionStates.map((one) => {
            const place = { what: `transactional id ${one.transactionalId} cannot be described` };
            const value = (): TransactionDescription => ({
              transactionalId: one.transactionalId,
              coordinator: target,
              state: stateOf(one.transactionState),
              producerId: one.producerId,
              producerEpoch: one.producerEpoch,
              timeoutMs: one.transactionTimeoutMs,
              startTimestamp:
                one.transactionStartTimeMs < 0 ? undefined : one.transactionStartTimeMs,
              partitions: one.topics.flatMap(({ topic, partitions }) =>
                partitions.map((partition) => ({ topic, partition })),
              ),
            });
            const named = { ...place, api: DescribeTransactions.name };
            return [one.transactionalId, outcomeOf(one, named, value)];
          }),
        );
      }),
  });
}

/** Which transactions are listed. */
export interface ListTransactionsOptions extends AdminCallOptions {
  readonly states?: readonly TransactionState[] | undefined;
  readonly producerIds?: readonly bigint[] | undefined;
  /** Only those that are open for longer. */
  readonly olderThanMs?: number | undefined;
  /** A regular expression of RE2's syntax that the whole transactional id matches. */
  readonly transactionalIdPattern?: string | undefined;
}

/** A transactional id in a list. */
export interface TransactionListing {
  readonly transactionalId: string;
  readonly producerId: bigint;
  readonly state: TransactionState;
}

/** Lists the transactions of each broker. */
export async function listTransactions(
  cluster: Cluster,
  options: ListTransactionsOptions,
): Promise<Outcomes<BrokerId, readonly TransactionListing[]>> {
  const what = "listing transactions";
  const { states = [], producerIds = [], olderThanMs, transactionalIdPattern } = options;
  return settleEach<BrokerId, readonly TransactionListing[]>(cluster, {
    what,
    items: await brokerIds(cluster, options),
    call: options,
    attempt: (open, { signal }) =>
      askTargets(what, new Map(open.map((id) => [id, id])), async (target, items) => {
        const { body } = await cluster.send(
          target,
          ListTransactions,
          (version) => ({
            stateFilters: [...states],
            producerIdFilters: [...producerIds],
            ...(version >= 1 ? { durationFilter: olderThanMs ?? -1 } : {}),
            ...(version >= 2 ? { transactionalIdPattern: transactionalIdPattern ?? null } : {}),
          }),
          {
            signal,
            minVersion:
              transactionalIdPattern !== undefined ? 2 : olderThanMs !== undefined ? 1 : 0,
          },
        );
        const place = { what, node: target, api: ListTransactions.name };
        const outcome = outcomeOf(body, place, () =>
          body.transactionStates.map((one) => ({
            transactionalId: one.transactionalId,
            producerId: one.producerId,
            state: stateOf(one.transactionState),
          })),
        );
        return new Map(items.map((item) => [item, outcome]));
      }),
  });
}

/** A producer that a partition knows. */
export interface ProducerDescription {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly lastSequence: number;
  readonly lastTimestamp: number;
  /** Undefined before the first transaction marker. */
  readonly coordinatorEpoch: number | undefined;
  /** Where its open transaction begins. */
  readonly currentTransactionStartOffset: bigint | undefined;
}

/** How producers are described. */
export interface DescribeProducersOptions extends AdminCallOptions {
  /** The broker to ask, leader or not; each partition's leader when not given. */
  readonly brokerId?: BrokerId | undefined;
}

/** Describes the producers that partitions know. */
export function describeProducers(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  options: DescribeProducersOptions,
): Promise<Outcomes<TopicPartitionKey, readonly ProducerDescription[]>> {
  const what = "describing producers";
  const wanted = byPartition(partitions);
  return settleEach<TopicPartitionKey, readonly ProducerDescription[]>(cluster, {
    what,
    items: wanted.keys(),
    call: options,
    attempt: (open, state) => {
      const chosen = byPartition(open.flatMap((key) => wanted.get(key) ?? []));
      const ask = askProducers(cluster, wanted, state.signal);
      const { brokerId } = options;
      return brokerId === undefined
        ? askLeaders(cluster, chosen, { what, state }, ask)
        : askTargets(what, new Map(open.map((key) => [key, brokerId])), ask);
    },
  });
}

function askProducers(
  cluster: Cluster,
  wanted: ReadonlyMap<TopicPartitionKey, TopicPartition>,
  signal: AbortSignal | undefined,
) {
  return async (
    target: BrokerId,
    keys: readonly TopicPartitionKey[],
  ): Promise<Outcomes<TopicPartitionKey, readonly ProducerDescription[]>> => {
    const asked = keys.flatMap((key) => wanted.get(key) ?? []);
    const topics = [...byTopic(asked)].map(([name, some]) => ({
      name,
      partitionIndexes: some.map(({ partition }) => partition),
    }));
    const { body } = await cluster.send(target, DescribeProducers, { topics }, { signal });
    const api = DescribeProducers.name;
    return new Map(
      body.topics.flatMap(({ name: topic, partitions }) =>
        partitions.map((one) => {
          const place = { what: "its producers cannot be described", topic, api };
          const value = (): readonly ProducerDescription[] =>
            one.activeProducers.map((producer) => ({
              producerId: producer.producerId,
              producerEpoch: producer.producerEpoch,
              lastSequence: producer.lastSequence,
              lastTimestamp: producer.lastTimestamp,
              coordinatorEpoch:
                producer.coordinatorEpoch < 0 ? undefined : producer.coordinatorEpoch,
              currentTransactionStartOffset:
                producer.currentTxnStartOffset < 0
                  ? undefined
                  : BigInt(producer.currentTxnStartOffset),
            }));
          const where = { ...place, partition: one.partitionIndex };
          return [topicPartitionKey(topic, one.partitionIndex), outcomeOf(one, where, value)];
        }),
      ),
    );
  };
}

/** A transaction that hangs in a partition, as `describeProducers` tells it. */
export interface HangingTransaction extends TopicPartition {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly coordinatorEpoch: number;
}

/**
 * Writes an abort marker into one partition, where a transaction hangs that its coordinator has
 * forgotten. For a transaction that goes on it is wrong: use `forceTerminateTransaction`.
 * @throws KafkaError
 */
export async function abortTransaction(
  cluster: Cluster,
  transaction: HangingTransaction,
  options: AdminCallOptions,
): Promise<void> {
  const what = "aborting a transaction";
  const { topic, partition, producerId, producerEpoch, coordinatorEpoch } = transaction;
  const key = topicPartitionKey(topic, partition);
  const outcomes = await settleEach<TopicPartitionKey, void>(cluster, {
    what,
    items: [key],
    call: options,
    attempt: (_, state) => {
      const chosen = byPartition([{ topic, partition }]);
      return askLeaders(cluster, chosen, { what, state }, async (target) => {
        const marker = {
          producerId,
          producerEpoch,
          coordinatorEpoch,
          transactionResult: false,
          topics: [{ name: topic, partitionIndexes: [partition] }],
        };
        const { signal } = state;
        const request = { markers: [marker] };
        const { body } = await cluster.send(target, WriteTxnMarkers, request, { signal });
        const answer = body.markers[0]?.topics[0]?.partitions[0];
        const place = { what, topic, partition, api: WriteTxnMarkers.name };
        const none = new KafkaError("UNKNOWN_SERVER_ERROR", "the answer leaves it out", place);
        return new Map([
          [key, answer === undefined ? none : outcomeOf(answer, place, () => undefined)],
        ]);
      });
    },
  });
  const outcome = outcomes.get(key);
  if (outcome instanceof KafkaError) throw outcome;
}

/** A producer that was fenced off. */
export interface FencedProducer {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/** Fences producers off: what has a transactional id now is out, its transaction aborted. */
export function fenceProducers(
  cluster: Cluster,
  transactionalIds: readonly string[],
  options: AdminCallOptions,
): Promise<Outcomes<string, FencedProducer>> {
  const what = "fencing producers";
  const transactionTimeoutMs = options.timeoutMs ?? cluster.options.requestTimeoutMs;
  return settleEach<string, FencedProducer>(cluster, {
    what,
    items: transactionalIds,
    call: options,
    retryOn: new Set(["CONCURRENT_TRANSACTIONS"]),
    attempt: (open, state) =>
      askCoordinators(cluster, open, { kind: "transaction", what, state }, async (target, ids) => {
        const outcomes: Outcomes<string, FencedProducer> = new Map();
        for (const transactionalId of ids) {
          const request = { transactionalId, transactionTimeoutMs };
          const { signal } = state;
          const { body } = await cluster.send(target, InitProducerId, request, { signal });
          const place = { what: `${transactionalId} was not fenced`, api: InitProducerId.name };
          const { producerId, producerEpoch } = body;
          const outcome = outcomeOf(body, place, () => ({ producerId, producerEpoch }));
          outcomes.set(transactionalId, outcome);
        }
        return outcomes;
      }),
  });
}
