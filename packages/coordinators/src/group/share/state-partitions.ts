import type { MessageOf, ShareGroupStatePartitionMetadataValue, Uuid } from "@millrace/protocol";

/**
 * Which partitions of a share group the share coordinator has a state for. A partition goes from
 * initializing to initialized, and from both to deleting with the whole of its topic; only
 * initialized ones are assigned to members.
 */
export interface StatePartitions {
  readonly initializing: StateTopics;
  readonly initialized: StateTopics;
  /** Names by id. */
  readonly deleting: ReadonlyMap<Uuid, string>;
}

/** Partitions by topic id. */
export type StateTopics = ReadonlyMap<Uuid, StateTopic>;

/** Partitions of one topic. */
export interface StateTopic {
  readonly name: string;
  readonly partitions: ReadonlySet<number>;
  /** When the record was written that names them. */
  readonly sinceMs: number;
}

/** Partitions by topic id, without more. */
export type TopicPartitionSets = ReadonlyMap<Uuid, ReadonlySet<number>>;

/** No state for any partition. */
export const NO_STATE_PARTITIONS: StatePartitions = {
  initializing: new Map(),
  initialized: new Map(),
  deleting: new Map(),
};

/** The partitions of both. */
export function joinTopics(left: StateTopics, right: StateTopics): StateTopics {
  const joined = new Map(left);
  for (const [topicId, topic] of right) {
    const known = joined.get(topicId);
    const partitions = new Set([...(known?.partitions ?? []), ...topic.partitions]);
    joined.set(topicId, { ...topic, partitions });
  }
  return joined;
}

/** The partitions of the first that are not in the second; a topic without any is left out. */
export function withoutTopics(topics: StateTopics, removed: TopicPartitionSets): StateTopics {
  const left = new Map<Uuid, StateTopic>();
  for (const [topicId, topic] of topics) {
    const gone = removed.get(topicId);
    const partitions = new Set([...topic.partitions].filter((index) => gone?.has(index) !== true));
    if (partitions.size > 0) left.set(topicId, { ...topic, partitions });
  }
  return left;
}

type RecordValue = MessageOf<typeof ShareGroupStatePartitionMetadataValue>;

/** The form of records. */
export function statePartitionsToRecord(partitions: StatePartitions): RecordValue {
  return {
    initializingTopics: topicsToRecord(partitions.initializing),
    initializedTopics: topicsToRecord(partitions.initialized),
    deletingTopics: [...partitions.deleting].map(([topicId, topicName]) => ({
      topicId,
      topicName,
    })),
  };
}

/** Reads the form of records. */
export function statePartitionsFromRecord(value: RecordValue, writtenMs: number): StatePartitions {
  return {
    initializing: topicsFromRecord(value.initializingTopics, writtenMs),
    initialized: topicsFromRecord(value.initializedTopics, writtenMs),
    deleting: new Map(value.deletingTopics.map(({ topicId, topicName }) => [topicId, topicName])),
  };
}

function topicsToRecord(topics: StateTopics): RecordValue["initializedTopics"] {
  return [...topics].map(([topicId, { name, partitions }]) => ({
    topicId,
    topicName: name,
    partitions: [...partitions].sort((left, right) => left - right),
  }));
}

function topicsFromRecord(topics: RecordValue["initializedTopics"], sinceMs: number): StateTopics {
  const read = new Map<Uuid, StateTopic>();
  for (const { topicId, topicName, partitions } of topics) {
    read.set(topicId, { name: topicName, partitions: new Set(partitions), sinceMs });
  }
  return read;
}
