import type { BrokerId } from "@millrace/protocol";

import type { Cluster, CoordinatorKind } from "../cluster.ts";
import { KafkaError } from "../errors/kafka-error.ts";
import { type AdminAttempt, allFailed, type Outcomes } from "./settle-each.ts";
import {
  type TopicPartition,
  type TopicPartitionKey,
  topicPartitionKey,
} from "./topic-partition.ts";

/** Asks one broker for its share of the items. */
export type AskTarget<K, V> = (target: BrokerId, items: readonly K[]) => Promise<Outcomes<K, V>>;

/** Asks each broker for its items, all at a time; what one of them throws holds for its items. */
export async function askTargets<K, V>(
  what: string,
  targets: ReadonlyMap<K, BrokerId | KafkaError>,
  ask: AskTarget<K, V>,
): Promise<Outcomes<K, V>> {
  const outcomes: Outcomes<K, V> = new Map();
  const shares = new Map<BrokerId, K[]>();
  for (const [item, target] of targets) {
    if (target instanceof KafkaError) outcomes.set(item, target);
    else shares.set(target, [...(shares.get(target) ?? []), item]);
  }
  const asked = [...shares].map(([target, items]) =>
    ask(target, items).catch((error: unknown) => allFailed<K, V>(items, error, what)),
  );
  for (const answers of await Promise.all(asked)) {
    for (const [item, outcome] of answers) outcomes.set(item, outcome);
  }
  return outcomes;
}

/** Where a key has its coordinator. */
export interface CoordinatorQuestion {
  readonly kind: CoordinatorKind;
  readonly what: string;
  readonly state: AdminAttempt;
}

/**
 * Asks the coordinator of each key for its keys, those of one broker together, and forgets
 * coordinators that are none any more.
 */
export async function askCoordinators<V>(
  cluster: Cluster,
  keys: readonly string[],
  question: CoordinatorQuestion,
  ask: AskTarget<string, V>,
): Promise<Outcomes<string, V>> {
  const { kind, what, state } = question;
  const { remainingMs: timeoutMs, signal } = state;
  const found = keys.map(async (key): Promise<[string, BrokerId | KafkaError]> => {
    try {
      return [key, await cluster.coordinator(kind, key, limitsOf(timeoutMs, signal))];
    } catch (error) {
      const failed = allFailed<string, never>([key], error, what).get(key);
      return [key, failed ?? new KafkaError("COORDINATOR_NOT_AVAILABLE", what)];
    }
  });
  const outcomes = await askTargets(what, new Map(await Promise.all(found)), ask);
  for (const [key, outcome] of outcomes) {
    if (outcome instanceof KafkaError && forgettingErrors.has(outcome.code)) {
      cluster.forgetCoordinator(kind, key);
    }
  }
  return outcomes;
}

/** The coordinator may be another after them. */
const forgettingErrors: ReadonlySet<string> = new Set([
  "NOT_COORDINATOR",
  "COORDINATOR_NOT_AVAILABLE",
  "NETWORK_EXCEPTION",
  "REQUEST_TIMED_OUT",
  "BROKER_NOT_AVAILABLE",
]);

function limitsOf(
  timeoutMs: number,
  signal: AbortSignal | undefined,
): { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined } {
  return { timeoutMs: Math.max(1, timeoutMs), signal };
}

/** Asks the leader of each partition for its partitions. */
export async function askLeaders<V>(
  cluster: Cluster,
  partitions: ReadonlyMap<TopicPartitionKey, TopicPartition>,
  question: { readonly what: string; readonly state: AdminAttempt },
  ask: AskTarget<TopicPartitionKey, V>,
): Promise<Outcomes<TopicPartitionKey, V>> {
  const { what, state } = question;
  const names = [...new Set([...partitions.values()].map(({ topic }) => topic))];
  const topics = await cluster.metadata.load(names, {
    allowAutoCreate: false,
    acceptCached: state.failures === 0,
    ...limitsOf(state.remainingMs, state.signal),
  });
  const leaders = new Map<TopicPartitionKey, BrokerId | KafkaError>();
  for (const { topic, partition } of partitions.values()) {
    const found = topics.get(topic);
    leaders.set(topicPartitionKey(topic, partition), leaderOf(found, { topic, partition }));
  }
  return askTargets(what, leaders, ask);
}

function leaderOf(
  topic:
    | { readonly partitions: readonly ({ readonly leader: BrokerId } | undefined)[] }
    | KafkaError
    | undefined,
  place: TopicPartition,
): BrokerId | KafkaError {
  if (topic instanceof KafkaError) return topic;
  const leader = topic?.partitions[place.partition]?.leader;
  if (leader === undefined) {
    return new KafkaError("UNKNOWN_TOPIC_OR_PARTITION", "there is no such partition", place);
  }
  if (leader < 0) return new KafkaError("LEADER_NOT_AVAILABLE", "it has no leader now", place);
  return leader;
}
