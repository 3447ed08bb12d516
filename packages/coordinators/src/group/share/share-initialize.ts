import type { Uuid } from "@millrace/protocol";
import type { ConsumerEnvironment } from "../consumer/consumer-draft.ts";
import type { TopicMetadata } from "../consumer/topic-metadata.ts";
import type { Group } from "../group-state.ts";
import { shareAnswer, type ShareOutcome } from "./share-draft.ts";
import type { ShareGroup } from "./share-group.ts";
import type { ShareRecord } from "./share-records.ts";
import type {
  ShareGroupTopicsDeletedInput,
  ShareInitializedInput,
  ShareNotInitializedInput,
} from "./share-requests.ts";
import {
  joinTopics,
  type StatePartitions,
  statePartitionsToRecord,
  type StateTopic,
  type StateTopics,
  type TopicPartitionSets,
  withoutTopics,
} from "./state-partitions.ts";

/** What a topic is called in a record when it is not there any more. */
const UNKNOWN_TOPIC = "<UNKNOWN>";

/**
 * The partitions of subscribed topics that have no state and are not being given one: those that
 * have waited for theirs longer than the retry interval are begun once more.
 */
export function partitionsToInitialize(
  group: ShareGroup,
  topicNames: Iterable<string>,
  { config, context, topics }: ConsumerEnvironment,
): TopicPartitionSets {
  const { initialized, initializing } = group.statePartitions;
  const youngestMs = context.nowMs - config.shareInitializeRetryIntervalMs;
  const missing = new Map<Uuid, ReadonlySet<number>>();
  for (const name of topicNames) {
    const topic = topics.byName(name);
    if (topic === undefined) continue;
    const begun = initializing.get(topic.id);
    const isUnderWay = begun !== undefined && begun.sinceMs > youngestMs;
    const partitions = new Set<number>();
    for (let index = 0; index < topic.partitionCount; index++) {
      if (initialized.get(topic.id)?.partitions.has(index) === true) continue;
      if (isUnderWay && begun.partitions.has(index)) continue;
      partitions.add(index);
    }
    if (partitions.size > 0) missing.set(topic.id, partitions);
  }
  return missing;
}

/** The record that says that states of partitions are being begun. */
export function initializingRecord(
  groupId: string,
  known: StatePartitions,
  options: { readonly topics: TopicPartitionSets; readonly environment: ConsumerEnvironment },
): ShareRecord {
  const added = named(options.topics, options.environment);
  const initializing = joinTopics(known.initializing, added);
  // What is begun anew is not being deleted any more.
  const deleting = new Map([...known.deleting].filter(([topicId]) => !initializing.has(topicId)));
  return statePartitionsRecord(groupId, { ...known, initializing, deleting });
}

/** Takes down that the states of partitions were begun: they are assigned from now on. */
export function shareInitialized(
  group: Group | undefined,
  { kind, groupId, topics }: ShareInitializedInput,
  environment: ConsumerEnvironment,
): ShareOutcome {
  const answer = shareAnswer(environment, { kind, error: "NONE" });
  if (group?.kind !== "share" || topics.size === 0) return answer;
  const { statePartitions } = group;
  const initialized = joinTopics(statePartitions.initialized, named(topics, environment));
  const initializing = withoutTopics(statePartitions.initializing, topics);
  const record = statePartitionsRecord(groupId, { ...statePartitions, initialized, initializing });
  return { ...answer, records: [record] };
}

/** Takes down that the states of partitions could not be begun: a later heartbeat tries again. */
export function shareNotInitialized(
  group: Group | undefined,
  { kind, groupId, topics }: ShareNotInitializedInput,
  environment: ConsumerEnvironment,
): ShareOutcome {
  const answer = shareAnswer(environment, { kind, error: "NONE" });
  if (group?.kind !== "share" || group.statePartitions.initializing.size === 0) return answer;
  const { statePartitions } = group;
  const initializing = withoutTopics(statePartitions.initializing, topics);
  const record = statePartitionsRecord(groupId, { ...statePartitions, initializing });
  return { ...answer, records: [record] };
}

/** Forgets deleted topics; the share coordinator forgets their states by itself. */
export function shareGroupTopicsDeleted(
  groups: Iterable<Group>,
  { kind, topicIds }: ShareGroupTopicsDeletedInput,
  environment: ConsumerEnvironment,
): ShareOutcome {
  const records: ShareRecord[] = [];
  const isGone = (topicId: Uuid): boolean => topicIds.has(topicId);
  for (const group of groups) {
    if (group.kind !== "share") continue;
    const { initializing, initialized, deleting } = group.statePartitions;
    const known = [...initializing.keys(), ...initialized.keys(), ...deleting.keys()];
    if (!known.some(isGone)) continue;
    const left = {
      initializing: new Map([...initializing].filter(([topicId]) => !isGone(topicId))),
      initialized: new Map([...initialized].filter(([topicId]) => !isGone(topicId))),
      deleting: new Map([...deleting].filter(([topicId]) => !isGone(topicId))),
    };
    records.push(statePartitionsRecord(group.groupId, left));
  }
  return { ...shareAnswer(environment, { kind, error: "NONE" }), records };
}

/** The record of a group's state partitions. */
export function statePartitionsRecord(groupId: string, partitions: StatePartitions): ShareRecord {
  return { kind: "share-state-partitions", groupId, value: statePartitionsToRecord(partitions) };
}

/** What a topic is called in records. */
export function topicNameOf(topicId: Uuid, topics: TopicMetadata): string {
  return topics.byId(topicId)?.name ?? UNKNOWN_TOPIC;
}

function named(
  partitions: TopicPartitionSets,
  { topics, context }: ConsumerEnvironment,
): StateTopics {
  const withNames = new Map<Uuid, StateTopic>();
  for (const [topicId, indexes] of partitions) {
    const name = topicNameOf(topicId, topics);
    withNames.set(topicId, { name, partitions: indexes, sinceMs: context.nowMs });
  }
  return withNames;
}
