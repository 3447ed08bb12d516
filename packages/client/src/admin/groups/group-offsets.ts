import {
  type BrokerId,
  OffsetCommit,
  OffsetDelete,
  OffsetFetch,
  type ResponseOf,
} from "@millrace/protocol";

import type { Cluster } from "../../cluster.ts";
import { errorFromCode, KafkaError } from "../../errors/kafka-error.ts";
import { outcomeOf } from "../answer.ts";
import type { AdminCallOptions } from "../call-options.ts";
import { type Outcomes, settleEach, settleOne } from "../settle-each.ts";
import { askCoordinators } from "../targets.ts";
import {
  byTopic,
  type TopicPartition,
  type TopicPartitionKey,
  topicPartitionKey,
} from "../topic-partition.ts";

/** What a group has committed for a partition. */
export interface CommittedOffset {
  readonly offset: bigint;
  readonly leaderEpoch: number | undefined;
  readonly metadata: string;
}

/** What a group has committed; partitions without an offset are left out unless asked for. */
export type GroupOffsets = ReadonlyMap<TopicPartitionKey, CommittedOffset | undefined | KafkaError>;

/** An offset to commit in a group's name. */
export interface OffsetToCommit extends TopicPartition {
  readonly offset: bigint;
  readonly leaderEpoch?: number;
  readonly metadata?: string;
}

/** Groups, and which of their partitions are wanted. */
export type GroupPartitions = ReadonlyMap<string, readonly TopicPartition[] | "all">;

/** How committed offsets are listed. */
export interface ListGroupOffsetsOptions extends AdminCallOptions {
  /** Waits for offsets that belong to open transactions. */
  readonly requireStable?: boolean | undefined;
}

/** Versions from 10 on name topics by id; their names are kept here. */
const byNameVersion = 9;

/**
 * Lists what groups have committed: group to its partitions, all of them with `"all"`.
 * A partition that was asked for and has no offset is undefined.
 */
export function listGroupOffsets(
  cluster: Cluster,
  groups: ReadonlyMap<string, readonly TopicPartition[] | "all">,
  options: ListGroupOffsetsOptions,
): Promise<Outcomes<string, GroupOffsets>> {
  const what = "listing committed offsets";
  return settleEach<string, GroupOffsets>(cluster, {
    what,
    items: groups.keys(),
    call: options,
    retryOn: new Set(["UNSTABLE_OFFSET_COMMIT"]),
    attempt: (open, state) =>
      askCoordinators(cluster, open, { kind: "group", what, state }, async (target, ids) => {
        const asking = { cluster, groups, options, signal: state.signal };
        return (await fetchTogether(asking, target, ids)) ?? fetchSingly(asking, target, ids);
      }),
  });
}

interface Asking {
  readonly cluster: Cluster;
  readonly groups: ReadonlyMap<string, readonly TopicPartition[] | "all">;
  readonly options: ListGroupOffsetsOptions;
  readonly signal: AbortSignal | undefined;
}

function topicsOf(
  asking: Asking,
  groupId: string,
): { name: string; partitionIndexes: number[] }[] | null {
  const wanted = asking.groups.get(groupId) ?? "all";
  if (wanted === "all") return null;
  return [...byTopic(wanted)].map(([name, partitions]) => ({
    name,
    partitionIndexes: partitions.map(({ partition }) => partition),
  }));
}

/** From version 8 on one request asks for several groups; undefined from older brokers. */
async function fetchTogether(
  asking: Asking,
  target: BrokerId,
  ids: readonly string[],
): Promise<Outcomes<string, GroupOffsets> | undefined> {
  const { cluster, options, signal } = asking;
  const versions = await cluster.versionsOf(target, OffsetFetch);
  if (versions === undefined || versions.last < 8) return undefined;
  const { body } = await cluster.send(
    target,
    OffsetFetch,
    {
      groups: ids.map((groupId) => ({ groupId, topics: topicsOf(asking, groupId) })),
      requireStable: options.requireStable ?? false,
    },
    { signal, minVersion: 8, maxVersion: byNameVersion },
  );
  return new Map(body.groups.map((group) => [group.groupId, offsetsOf(group.groupId, group)]));
}

async function fetchSingly(
  asking: Asking,
  target: BrokerId,
  ids: readonly string[],
): Promise<Outcomes<string, GroupOffsets>> {
  const { cluster, options, signal } = asking;
  const outcomes: Outcomes<string, GroupOffsets> = new Map();
  for (const groupId of ids) {
    const { body } = await cluster.send(
      target,
      OffsetFetch,
      (version) => ({
        groupId,
        topics: topicsOf(asking, groupId),
        ...(version >= 7 ? { requireStable: options.requireStable ?? false } : {}),
      }),
      { signal, minVersion: 2, maxVersion: 7 },
    );
    outcomes.set(groupId, offsetsOf(groupId, body));
  }
  return outcomes;
}

type FetchedTopic = ResponseOf<typeof OffsetFetch>["groups"][number]["topics"][number];

function offsetsOf(
  group: string,
  answer: { readonly errorCode: number; readonly topics: readonly Omit<FetchedTopic, "topicId">[] },
): GroupOffsets | KafkaError {
  const place = { what: "its offsets cannot be listed", group, api: OffsetFetch.name };
  const partitions = answer.topics.flatMap((topic) =>
    topic.partitions.map((one) => ({ topic: topic.name, ...one })),
  );
  const passing = partitions.find(({ errorCode }) => errorCode === unstableOffsetCommit);
  if (passing !== undefined) return errorFromCode(passing.errorCode, place);
  return outcomeOf(
    answer,
    place,
    () =>
      new Map(
        partitions.map((one) => {
          const where = { ...place, topic: one.topic, partition: one.partitionIndex };
          const offset = outcomeOf(one, where, () => committed(one));
          return [topicPartitionKey(one.topic, one.partitionIndex), offset];
        }),
      ),
  );
}

/** UNSTABLE_OFFSET_COMMIT: a transaction is about to commit; the whole group is asked again. */
const unstableOffsetCommit = 88;

function committed(one: {
  readonly committedOffset: number;
  readonly committedLeaderEpoch: number;
  readonly metadata: string | null;
}): CommittedOffset | undefined {
  if (one.committedOffset < 0) return undefined;
  return {
    offset: BigInt(one.committedOffset),
    leaderEpoch: one.committedLeaderEpoch < 0 ? undefined : one.committedLeaderEpoch,
    metadata: one.metadata ?? "",
  };
}

interface AskGroup<V> {
  readonly what: string;
  readonly groupId: string;
  readonly call: AdminCallOptions;
  readonly ask: (target: BrokerId, signal: AbortSignal | undefined) => Promise<V | KafkaError>;
}

/** Asks one group's coordinator. */
export function askGroup<V>(cluster: Cluster, options: AskGroup<V>): Promise<V> {
  const { what, groupId, call, ask } = options;
  return settleOne<V>(cluster, {
    what,
    call,
    attempt: async (state) => {
      const question = { kind: "group", what, state } as const;
      const asked = await askCoordinators<V>(cluster, [groupId], question, async (target) => {
        return new Map([[groupId, await ask(target, state.signal)]]);
      });
      return asked.get(groupId) ?? new KafkaError("COORDINATOR_NOT_AVAILABLE", what);
    },
  });
}

/**
 * Commits offsets in the name of a group without members.
 * @throws KafkaError when the group's coordinator cannot be asked
 */
export function alterGroupOffsets(
  cluster: Cluster,
  groupId: string,
  offsets: readonly OffsetToCommit[],
  options: AdminCallOptions,
): Promise<Outcomes<TopicPartitionKey, void>> {
  const ask = async (
    target: BrokerId,
    signal: AbortSignal | undefined,
  ): Promise<Outcomes<TopicPartitionKey, void> | KafkaError> => {
    const topics = [...byTopic(offsets)].map(([name, partitions]) => ({
      name,
      partitions: partitions.map((one) => ({
        partitionIndex: one.partition,
        committedOffset: Number(one.offset),
        committedLeaderEpoch: one.leaderEpoch ?? -1,
        committedMetadata: one.metadata ?? "",
      })),
    }));
    const { body } = await cluster.send(
      target,
      OffsetCommit,
      { groupId, generationIdOrMemberEpoch: -1, memberId: "", topics },
      { signal, minVersion: 6, maxVersion: byNameVersion },
    );
    return perPartition(body.topics, { group: groupId, api: OffsetCommit.name });
  };
  return askGroup(cluster, { what: "altering committed offsets", groupId, call: options, ask });
}

/**
 * Deletes what a group has committed for partitions.
 * @throws KafkaError when the group cannot be asked, or refuses as a whole
 */
export function deleteGroupOffsets(
  cluster: Cluster,
  groupId: string,
  partitions: readonly TopicPartition[],
  options: AdminCallOptions,
): Promise<Outcomes<TopicPartitionKey, void>> {
  const what = "deleting committed offsets";
  const ask = async (
    target: BrokerId,
    signal: AbortSignal | undefined,
  ): Promise<Outcomes<TopicPartitionKey, void> | KafkaError> => {
    const topics = [...byTopic(partitions)].map(([name, some]) => ({
      name,
      partitions: some.map(({ partition }) => ({ partitionIndex: partition })),
    }));
    const { body } = await cluster.send(target, OffsetDelete, { groupId, topics }, { signal });
    const place = { what: "its offsets were not deleted", group: groupId, api: OffsetDelete.name };
    return outcomeOf(body, place, () =>
      perPartition(body.topics, { group: groupId, api: OffsetDelete.name }),
    );
  };
  return askGroup(cluster, { what, groupId, call: options, ask });
}

function perPartition(
  topics: readonly {
    readonly name: string;
    readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: number }[];
  }[],
  where: { readonly group: string; readonly api: string },
): Outcomes<TopicPartitionKey, void> | KafkaError {
  const outcomes: Outcomes<TopicPartitionKey, void> = new Map();
  for (const { name: topic, partitions } of topics) {
    for (const one of partitions) {
      const place = { ...where, what: "the offset was refused", topic };
      const outcome = outcomeOf(one, { ...place, partition: one.partitionIndex }, () => undefined);
      if (outcome instanceof KafkaError && hasMoved(outcome)) return outcome;
      outcomes.set(topicPartitionKey(topic, one.partitionIndex), outcome);
    }
  }
  return outcomes;
}

/** Partitions tell of the coordinator what holds for all of them. */
function hasMoved({ code }: KafkaError): boolean {
  return /^(NOT_COORDINATOR|COORDINATOR_\w+)$/.test(code);
}
