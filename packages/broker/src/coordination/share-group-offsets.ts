import {
  type AlterShareGroupOffsets,
  type DeleteShareGroupOffsets,
  type DescribeShareGroupOffsets,
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  type ReadShareGroupStateSummary,
  type Uuid,
  ZERO_UUID,
} from "@millrace/protocol";
import type { TopicPartitions } from "@millrace/coordinators";

import type { BrokerServices } from "../services.ts";

type Services = Pick<BrokerServices, "groups" | "shareStates" | "image" | "replicas">;

type DescribeRequest = RequestOf<typeof DescribeShareGroupOffsets>["groups"][number];
type DescribedGroup = ResponseInput<typeof DescribeShareGroupOffsets>["groups"][number];
type DescribedTopic = DescribedGroup["topics"][number];
type DescribedPartition = DescribedTopic["partitions"][number];
type AlterRequest = RequestOf<typeof AlterShareGroupOffsets>;
type AlterResponse = ResponseInput<typeof AlterShareGroupOffsets>;
type DeleteRequest = RequestOf<typeof DeleteShareGroupOffsets>;
type DeleteResponse = ResponseInput<typeof DeleteShareGroupOffsets>;

/** No offset, no count, no lag is known. */
const UNKNOWN = -1;

/** Describes where a share group is: in the partitions asked for, or in all that it has. */
export async function describeShareGroupOffsets(
  { groupId, topics }: DescribeRequest,
  services: Services,
): Promise<DescribedGroup> {
  const { byName } = services.image().topics;
  if (topics === null) {
    const reply = await services.groups.submit(groupId, { kind: "share-partitions", groupId });
    if (reply.error !== "NONE") {
      return { groupId, topics: [], errorCode: errorCodes[reply.error], errorMessage: null };
    }
    const described = await describeTopics(groupId, reply.topics, services);
    return { groupId, topics: described, errorCode: errorCodes.NONE };
  }
  const asked = topics.flatMap(({ topicName, partitions }) => {
    const topicId = byName.get(topicName)?.id;
    return topicId === undefined ? [] : [{ topicId, partitions }];
  });
  const known = await describeTopics(groupId, asked, services);
  const missing = topics
    .filter(({ topicName }) => !byName.has(topicName))
    .map(({ topicName, partitions }) => ({
      topicName,
      topicId: ZERO_UUID,
      partitions: partitions.map((index) => notBegun(index)),
    }));
  return { groupId, topics: [...known, ...missing], errorCode: errorCodes.NONE };
}

/** Begins partitions of a share group without members anew, each at an offset. */
export async function alterShareGroupOffsets(
  { groupId, topics }: AlterRequest,
  services: Services,
): Promise<AlterResponse> {
  const { byName } = services.image().topics;
  const existing = topics.flatMap(({ topicName, partitions }) => {
    const topic = byName.get(topicName);
    if (topic === undefined) return [];
    const known = partitions.filter(({ partitionIndex: index }) => topic.partitions[index]);
    return known.length === 0 ? [] : [{ topicId: topic.id, partitions: known }];
  });
  const reply = await services.groups.submit(groupId, {
    kind: "share-alter-offsets",
    groupId,
    topics: new Map(existing.map((topic) => [topic.topicId, indexesOf(topic.partitions)])),
  });
  if (reply.error !== "NONE") return refusal(reply.error, reply.message);
  const { stateEpoch } = reply;
  const begun = await services.shareStates.initializeState({
    groupId,
    topics: existing.map(({ topicId, partitions }) => ({
      topicId,
      partitions: partitions.map(({ partitionIndex: partition, startOffset }) => {
        return { partition, stateEpoch, startOffset };
      }),
    })),
  });
  await noteBegun(groupId, begun, services);
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    responses: topics.map(({ topicName, partitions }) => {
      const topicId = byName.get(topicName)?.id;
      return {
        topicName,
        topicId: topicId ?? ZERO_UUID,
        partitions: partitions.map(({ partitionIndex }) => {
          return { partitionIndex, ...outcomeOf(begun, topicId, partitionIndex) };
        }),
      };
    }),
  };
}

/** Forgets topics of a share group without members. */
export async function deleteShareGroupOffsets(
  { groupId, topics }: DeleteRequest,
  services: Services,
): Promise<DeleteResponse> {
  const { byName } = services.image().topics;
  const topicIds = new Set(topics.flatMap(({ topicName }) => byName.get(topicName)?.id ?? []));
  const reply = await services.groups.submit(groupId, {
    kind: "share-delete-offsets",
    groupId,
    topicIds: [...topicIds],
  });
  if (reply.error !== "NONE") return refusal(reply.error, reply.message);
  const errors = await deleteStates(groupId, reply.topics, services);
  const deleted = [...errors].filter(([, code]) => code === errorCodes.NONE).map(([id]) => id);
  if (deleted.length > 0) {
    const input = { kind: "share-offsets-deleted", groupId, topicIds: deleted } as const;
    const noted = await services.groups.submit(groupId, input);
    if (noted.error !== "NONE") return refusal(noted.error, null);
  }
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    responses: topics.map(({ topicName }) => {
      const topicId = byName.get(topicName)?.id ?? ZERO_UUID;
      const errorCode = errors.get(topicId) ?? errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
      const errorMessage = errors.has(topicId) ? null : "The group has no offsets in this topic.";
      return { topicName, topicId, errorCode, errorMessage };
    }),
  };
}

/**
 * Deletes the states of a group that is to be deleted, if it is a share group.
 * @returns why the group may not be deleted; "NONE" for any group of another kind.
 */
export async function deleteShareGroupStates(
  groupId: string,
  services: Services,
): Promise<ErrorName> {
  const reply = await services.groups.submit(groupId, { kind: "share-delete-states", groupId });
  if (reply.error !== "NONE") return reply.error;
  const errors = await deleteStates(groupId, reply.topics, services);
  const failed = [...errors.values()].find((code) => code !== errorCodes.NONE);
  return failed === undefined ? "NONE" : "UNKNOWN_SERVER_ERROR";
}

async function describeTopics(
  groupId: string,
  topics: readonly TopicPartitions[],
  services: Services,
): Promise<DescribedTopic[]> {
  const { byId } = services.image().topics;
  const existing = topics.filter(({ topicId }) => byId.has(topicId));
  if (existing.length === 0) return [];
  const summary = await services.shareStates.readStateSummary({
    groupId,
    topics: existing.map(({ topicId, partitions }) => ({
      topicId,
      partitions: partitions.map((partition) => ({ partition, leaderEpoch: UNKNOWN })),
    })),
  });
  return summary.results.map(({ topicId, partitions }) => {
    const topicName = byId.get(topicId)?.name ?? "";
    const described = partitions.map((state) => describePartition(topicName, state, services));
    return { topicId, topicName, partitions: described };
  });
}

type Summary = ResponseOf<
  typeof ReadShareGroupStateSummary
>["results"][number]["partitions"][number];

/** A state that cannot be read is told as one that has not begun, as for committed offsets. */
function describePartition(
  topicName: string,
  state: Summary,
  { replicas, image }: Services,
): DescribedPartition {
  const { partition: partitionIndex, startOffset, leaderEpoch, deliveryCompleteCount } = state;
  if (state.errorCode !== errorCodes.NONE) return notBegun(partitionIndex);
  const described = { ...notBegun(partitionIndex), startOffset, leaderEpoch };
  if (startOffset === UNKNOWN || deliveryCompleteCount === UNKNOWN) return described;
  const partition = replicas.leader(image(), topicName, partitionIndex);
  if (typeof partition === "string") {
    return { ...notBegun(partitionIndex), startOffset: 0, errorCode: errorCodes[partition] };
  }
  const lag = partition.log.highWatermark - startOffset - deliveryCompleteCount;
  return { ...described, lag };
}

function notBegun(partitionIndex: number): DescribedPartition {
  const none = { startOffset: UNKNOWN, leaderEpoch: 0, lag: UNKNOWN };
  return { partitionIndex, ...none, errorCode: errorCodes.NONE };
}

type Begun = Awaited<ReturnType<Services["shareStates"]["initializeState"]>>;

/** Tells the group which partitions have begun; what has not is tried again when it is read. */
async function noteBegun(groupId: string, begun: Begun, { groups }: Services): Promise<void> {
  const topics = new Map<Uuid, ReadonlySet<number>>();
  for (const { topicId, partitions } of begun.results) {
    const done = partitions.filter(({ errorCode }) => errorCode === errorCodes.NONE);
    if (done.length > 0) topics.set(topicId, new Set(done.map(({ partition }) => partition)));
  }
  if (topics.size > 0) await groups.submit(groupId, { kind: "share-initialized", groupId, topics });
}

function outcomeOf(begun: Begun, topicId: Uuid | undefined, index: number) {
  const topic = begun.results.find((result) => result.topicId === topicId);
  const found = topic?.partitions.find(({ partition }) => partition === index);
  if (found !== undefined) {
    const { errorCode, errorMessage } = found;
    return { errorCode, errorMessage };
  }
  const errorMessage = "There is no such partition.";
  return { errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION, errorMessage };
}

/** Deletes states; gives what came of it for each topic. */
async function deleteStates(
  groupId: string,
  topics: readonly TopicPartitions[],
  { shareStates }: Services,
): Promise<ReadonlyMap<Uuid, number>> {
  const answer = await shareStates.deleteState({
    groupId,
    topics: topics.map(({ topicId, partitions }) => ({
      topicId,
      partitions: partitions.map((partition) => ({ partition })),
    })),
  });
  return new Map(
    answer.results.map(({ topicId, partitions }) => {
      const failed = partitions.find(({ errorCode }) => errorCode !== errorCodes.NONE);
      return [topicId, failed?.errorCode ?? errorCodes.NONE];
    }),
  );
}

function indexesOf(
  partitions: readonly { readonly partitionIndex: number }[],
): ReadonlySet<number> {
  return new Set(partitions.map(({ partitionIndex }) => partitionIndex));
}

function refusal(error: ErrorName, errorMessage: string | null) {
  return { throttleTimeMs: 0, errorCode: errorCodes[error], errorMessage, responses: [] };
}
