import type { ErrorName } from "@millrace/protocol";
import type { TopicPartitions } from "./assignment.ts";
import type { ConsumerGroupStateName } from "./consumer-group.ts";
import type { ConsumerMember } from "./consumer-member.ts";

/** ConsumerGroupHeartbeat: join, stay in, or leave a consumer group; learn what to read. */
export interface ConsumerHeartbeatInput {
  readonly kind: "consumer-heartbeat";
  readonly groupId: string;
  /** Empty for a client of version 0 that has no id yet. */
  readonly memberId: string;
  /** 0 to join, -1 to leave, -2 for a static member that will be back. */
  readonly memberEpoch: number;
  readonly instanceId: string | null;
  readonly rackId: string | null;
  /** -1 when it has not changed. */
  readonly rebalanceTimeoutMs: number;
  /** null when they have not changed. */
  readonly subscribedTopicNames: readonly string[] | null;
  /** null when it has not changed. */
  readonly subscribedTopicRegex: string | null;
  /** null when it has not changed. */
  readonly serverAssignor: string | null;
  /** What the member still reads; null when it has not changed. */
  readonly topicPartitions: readonly TopicPartitions[] | null;
  readonly clientId: string;
  readonly clientHost: string;
  /** The client makes its member id itself (version 1 and later; KIP-1082). */
  readonly bringsMemberId: boolean;
  /** Which topics a pattern may stand for: those that the requester may describe; else all. */
  readonly mayDescribe?: TopicTest | undefined;
}

/** Says yes or no to a topic by its name. */
export type TopicTest = (topic: string) => boolean;

/** The answer to ConsumerGroupHeartbeat. */
export interface ConsumerHeartbeatReply {
  readonly kind: "consumer-heartbeat";
  readonly error: ErrorName;
  readonly message: string | null;
  readonly memberId: string | null;
  readonly memberEpoch: number;
  readonly heartbeatIntervalMs: number;
  /** null when it has not changed. */
  readonly assignment: readonly TopicPartitions[] | null;
}

/** ConsumerGroupDescribe: what a consumer group is like. */
export interface ConsumerDescribeInput {
  readonly kind: "consumer-describe";
  readonly groupId: string;
}

/** The answer to ConsumerGroupDescribe, for one group. */
export interface ConsumerDescribeReply {
  readonly kind: "consumer-describe";
  readonly error: ErrorName;
  readonly message: string | null;
  readonly state: ConsumerGroupStateName | "";
  readonly groupEpoch: number;
  readonly assignmentEpoch: number;
  readonly assignor: string;
  readonly members: readonly DescribedConsumer[];
}

/** A member as ConsumerGroupDescribe shows it. */
export interface DescribedConsumer
  extends Pick<
    ConsumerMember,
    | "memberId"
    | "instanceId"
    | "rackId"
    | "memberEpoch"
    | "clientId"
    | "clientHost"
    | "subscribedTopicNames"
    | "subscribedTopicRegex"
  > {
  readonly isClassic: boolean;
  readonly assignment: readonly TopicPartitions[];
  readonly targetAssignment: readonly TopicPartitions[];
}

/** A consumer group's member did not do in time what it had to. */
export interface ConsumerTimerInput {
  readonly kind: "consumer-member-expired";
  readonly groupId: string;
  readonly memberId: string;
  /** The member is still in this epoch; undefined when its epoch does not matter. */
  readonly memberEpoch: number | undefined;
}

/** A protocol error with what to tell the client. */
export interface Refusal {
  readonly error: ErrorName;
  readonly message: string;
}

/** Whether a result is a refusal. */
export function isRefusal(result: object): result is Refusal {
  return "error" in result && "message" in result;
}
