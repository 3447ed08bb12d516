import type { ErrorName, Uuid } from "@millrace/protocol";
import type { TopicPartitions } from "../consumer/assignment.ts";
import type { ShareGroupStateName } from "./share-group.ts";
import type { ShareMember } from "./share-member.ts";
import type { TopicPartitionSets } from "./state-partitions.ts";

/** ShareGroupHeartbeat: join, stay in, or leave a share group; learn what to read. */
export interface ShareHeartbeatInput {
  readonly kind: "share-heartbeat";
  readonly groupId: string;
  readonly memberId: string;
  /** 0 to join, -1 to leave. */
  readonly memberEpoch: number;
  /** null when it has not changed. */
  readonly rackId: string | null;
  /** null when they have not changed. */
  readonly subscribedTopicNames: readonly string[] | null;
  readonly clientId: string;
  readonly clientHost: string;
}

/** The answer to ShareGroupHeartbeat. */
export interface ShareHeartbeatReply {
  readonly kind: "share-heartbeat";
  readonly error: ErrorName;
  readonly message: string | null;
  readonly memberId: string | null;
  readonly memberEpoch: number;
  readonly heartbeatIntervalMs: number;
  /** null when it has not changed. */
  readonly assignment: readonly TopicPartitions[] | null;
}

/** ShareGroupDescribe: what a share group is like. */
export interface ShareDescribeInput {
  readonly kind: "share-describe";
  readonly groupId: string;
}

/** The answer to ShareGroupDescribe, for one group. */
export interface ShareDescribeReply {
  readonly kind: "share-describe";
  readonly error: ErrorName;
  readonly message: string | null;
  readonly state: ShareGroupStateName | "";
  readonly groupEpoch: number;
  readonly assignmentEpoch: number;
  readonly assignor: string;
  readonly members: readonly DescribedShareMember[];
}

/** A member as ShareGroupDescribe shows it. */
export interface DescribedShareMember
  extends Pick<
    ShareMember,
    "memberId" | "rackId" | "memberEpoch" | "clientId" | "clientHost" | "subscribedTopicNames"
  > {
  readonly assignment: readonly TopicPartitions[];
}

/** The states of partitions were begun with the share coordinator: they may be assigned. */
export interface ShareInitializedInput {
  readonly kind: "share-initialized";
  readonly groupId: string;
  readonly topics: TopicPartitionSets;
}

/** The states of partitions could not be begun: it is tried again with a later heartbeat. */
export interface ShareNotInitializedInput {
  readonly kind: "share-not-initialized";
  readonly groupId: string;
  readonly topics: TopicPartitionSets;
}

/** Which partitions of a group have a state; for DescribeShareGroupOffsets of all topics. */
export interface SharePartitionsInput {
  readonly kind: "share-partitions";
  readonly groupId: string;
}

/** The answer to that: nothing of a group that is not there, or not a share group. */
export interface SharePartitionsReply {
  readonly kind: "share-partitions";
  readonly error: ErrorName;
  readonly topics: readonly TopicPartitions[];
}

/** AlterShareGroupOffsets: begin partitions anew at some offset, in a group without members. */
export interface ShareAlterInput {
  readonly kind: "share-alter-offsets";
  readonly groupId: string;
  /** Partitions that exist. */
  readonly topics: ReadonlyMap<Uuid, ReadonlySet<number>>;
}

/** The answer to that: the epoch to begin the states in. */
export interface ShareAlterReply {
  readonly kind: "share-alter-offsets";
  readonly error: ErrorName;
  readonly message: string | null;
  readonly stateEpoch: number;
}

/** DeleteShareGroupOffsets: forget topics, in a group without members. */
export interface ShareDeleteOffsetsInput {
  readonly kind: "share-delete-offsets";
  readonly groupId: string;
  /** Topics that exist. */
  readonly topicIds: readonly Uuid[];
}

/** DeleteGroups, for a share group: its states are to be deleted before the group is. */
export interface ShareDeleteStatesInput {
  readonly kind: "share-delete-states";
  readonly groupId: string;
}

/** The answer to both: the partitions whose states are to be deleted now. */
export interface ShareDeleteReply {
  readonly kind: "share-delete-offsets" | "share-delete-states";
  readonly error: ErrorName;
  readonly message: string | null;
  /** A topic that is not in it has nothing to delete. */
  readonly topics: readonly TopicPartitions[];
}

/** The states of these topics were deleted. */
export interface ShareOffsetsDeletedInput {
  readonly kind: "share-offsets-deleted";
  readonly groupId: string;
  readonly topicIds: readonly Uuid[];
}

/** Topics were deleted: no share group has a state for them any more. */
export interface ShareGroupTopicsDeletedInput {
  readonly kind: "share-group-topics-deleted";
  readonly topicIds: ReadonlySet<Uuid>;
}

/** A member has not sent a heartbeat in time. */
export interface ShareTimerInput {
  readonly kind: "share-member-expired";
  readonly groupId: string;
  readonly memberId: string;
}

/** The requests about share groups. */
export type ShareGroupRequest =
  | ShareHeartbeatInput
  | ShareDescribeInput
  | ShareInitializedInput
  | ShareNotInitializedInput
  | SharePartitionsInput
  | ShareAlterInput
  | ShareDeleteOffsetsInput
  | ShareDeleteStatesInput
  | ShareOffsetsDeletedInput
  | ShareGroupTopicsDeletedInput;

/** All that can happen to share groups. */
export type ShareGroupInput = ShareGroupRequest | ShareTimerInput;

/** The answer to what only has to be written down. */
export interface ShareNotedReply<Kind extends ShareGroupRequest["kind"]> {
  readonly kind: Kind;
  readonly error: ErrorName;
}

/** The answers to requests about share groups; each has the kind of its request. */
export type ShareGroupReply =
  | ShareHeartbeatReply
  | ShareDescribeReply
  | SharePartitionsReply
  | ShareAlterReply
  | (ShareDeleteReply & { readonly kind: "share-delete-offsets" })
  | (ShareDeleteReply & { readonly kind: "share-delete-states" })
  | ShareNotedReply<"share-initialized">
  | ShareNotedReply<"share-not-initialized">
  | ShareNotedReply<"share-offsets-deleted">
  | ShareNotedReply<"share-group-topics-deleted">;

/** Begin the states of partitions with the share coordinator, and tell what came of it. */
export interface InitializeShareStates {
  readonly kind: "initialize-share-states";
  readonly groupId: string;
  readonly stateEpoch: number;
  readonly topics: TopicPartitionSets;
}
