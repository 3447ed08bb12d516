import type { Uuid } from "@millrace/protocol";
import type { TopicPartitions } from "../consumer/assignment.ts";
import type { ConsumerEnvironment } from "../consumer/consumer-draft.ts";
import type { Refusal } from "../consumer/consumer-requests.ts";
import type { TopicMetadata } from "../consumer/topic-metadata.ts";
import type { Group } from "../group-state.ts";
import { emptyShareGroup, shareAnswer, type ShareOutcome } from "./share-draft.ts";
import { ShareGroup } from "./share-group.ts";
import { initializingRecord, statePartitionsRecord, topicNameOf } from "./share-initialize.ts";
import type {
  ShareAlterInput,
  ShareAlterReply,
  ShareDeleteOffsetsInput,
  ShareDeleteReply,
  ShareDeleteStatesInput,
  ShareOffsetsDeletedInput,
  SharePartitionsReply,
} from "./share-requests.ts";
import { joinTopics, NO_STATE_PARTITIONS, type StatePartitions } from "./state-partitions.ts";

/** Which partitions of a share group have a state. */
export function sharePartitions(group: Group | undefined): SharePartitionsReply {
  const { initialized } = group?.kind === "share" ? group.statePartitions : NO_STATE_PARTITIONS;
  const topics = [...initialized].map(([topicId, { partitions }]) => ({
    topicId,
    partitions: [...partitions].sort((left, right) => left - right),
  }));
  return { kind: "share-partitions", error: "NONE", topics };
}

/**
 * Begins partitions anew at offsets that the caller has: they are initializing until the share
 * coordinator has them. A group that is not there is made.
 */
export function alterShareOffsets(
  group: Group | undefined,
  { groupId, topics }: ShareAlterInput,
  environment: ConsumerEnvironment,
): ShareOutcome {
  const known = emptyShareGroup(groupId, group ?? new ShareGroup(groupId));
  if ("error" in known) return shareAnswer(environment, refusedShareAlter(known));
  const { epoch: stateEpoch, statePartitions } = known;
  const reply = { kind: "share-alter-offsets", error: "NONE", message: null, stateEpoch } as const;
  const answer = shareAnswer(environment, reply);
  if (topics.size === 0) return answer;
  const record = initializingRecord(groupId, statePartitions, { topics, environment });
  return { ...answer, records: [record] };
}

/** The answer to an alteration that is refused. */
export function refusedShareAlter(
  refusal: Pick<Refusal, "error"> & { readonly message: string | null },
): ShareAlterReply {
  return { kind: "share-alter-offsets", ...refusal, stateEpoch: 0 };
}

/** Begins to delete the offsets of topics: their partitions cannot be assigned any more. */
export function deleteShareOffsets(
  group: Group | undefined,
  { kind, groupId, topicIds }: ShareDeleteOffsetsInput,
  environment: ConsumerEnvironment,
): ShareOutcome {
  const known = emptyShareGroup(groupId, group);
  if ("error" in known) return shareAnswer(environment, refusedShareDelete(kind, known));
  const { statePartitions } = known;
  const topics = topicIds.flatMap((topicId) => {
    const partitions = partitionsToDelete(topicId, statePartitions, environment.topics);
    return partitions.length === 0 ? [] : [{ topicId, partitions }];
  });
  const reply = { kind, error: "NONE", message: null, topics } as const;
  const answer = shareAnswer(environment, reply);
  if (topics.length === 0) return answer;
  const record = deletingRecord(known, topics, environment.topics);
  return { ...answer, records: [record] };
}

/**
 * Begins to delete a share group: all its states go first. A group of another kind has none; what a
 * former attempt has left is deleted with the rest.
 */
export function deleteShareStates(
  group: Group | undefined,
  { kind, groupId }: ShareDeleteStatesInput,
  environment: ConsumerEnvironment,
): ShareOutcome {
  const nothing = { kind, error: "NONE", message: null, topics: [] } as const;
  if (group?.kind !== "share") return shareAnswer(environment, nothing);
  const known = emptyShareGroup(groupId, group);
  if ("error" in known) return shareAnswer(environment, refusedShareDelete(kind, known));
  const { initialized, initializing, deleting } = known.statePartitions;
  const begun = joinTopics(initialized, initializing);
  const topics = [...new Set([...begun.keys(), ...deleting.keys()])].flatMap((topicId) => {
    const left = deleting.has(topicId) ? allPartitions(topicId, environment.topics) : [];
    const partitions = [...new Set([...(begun.get(topicId)?.partitions ?? []), ...left])];
    return partitions.length === 0 ? [] : [{ topicId, partitions }];
  });
  if (topics.length === 0) return shareAnswer(environment, nothing);
  const record = deletingRecord(known, topics, environment.topics);
  return { ...shareAnswer(environment, { ...nothing, topics }), records: [record] };
}

/** The answer to a deletion that is refused. */
export function refusedShareDelete<Kind extends ShareDeleteReply["kind"]>(
  kind: Kind,
  { error, message }: Pick<Refusal, "error"> & { readonly message: string | null },
) {
  return { kind, error, message, topics: [] };
}

/** Takes down that the states of topics are deleted. */
export function shareOffsetsDeleted(
  group: Group | undefined,
  { kind, groupId, topicIds }: ShareOffsetsDeletedInput,
  environment: ConsumerEnvironment,
): ShareOutcome {
  const answer = shareAnswer(environment, { kind, error: "NONE" });
  if (group?.kind !== "share") return answer;
  const deleting = new Map(group.statePartitions.deleting);
  for (const topicId of topicIds) deleting.delete(topicId);
  const record = statePartitionsRecord(groupId, { ...group.statePartitions, deleting });
  return { ...answer, records: [record] };
}

function partitionsToDelete(
  topicId: Uuid,
  { initialized, deleting }: StatePartitions,
  topics: TopicMetadata,
): readonly number[] {
  const known = initialized.get(topicId);
  if (known !== undefined) return [...known.partitions];
  return deleting.has(topicId) ? allPartitions(topicId, topics) : [];
}

function allPartitions(topicId: Uuid, topics: TopicMetadata): readonly number[] {
  return [...Array(topics.byId(topicId)?.partitionCount ?? 0).keys()];
}

function deletingRecord(
  { groupId, statePartitions }: ShareGroup,
  topics: readonly TopicPartitions[],
  metadata: TopicMetadata,
) {
  const gone = new Set(topics.map(({ topicId }) => topicId));
  const deleting = new Map(statePartitions.deleting);
  for (const topicId of gone) deleting.set(topicId, topicNameOf(topicId, metadata));
  const stays = ([topicId]: readonly [Uuid, unknown]): boolean => !gone.has(topicId);
  const initialized = new Map([...statePartitions.initialized].filter(stays));
  const initializing = new Map([...statePartitions.initializing].filter(stays));
  return statePartitionsRecord(groupId, { initializing, initialized, deleting });
}
