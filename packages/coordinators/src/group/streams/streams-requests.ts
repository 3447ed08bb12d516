import type { ErrorName } from "@millrace/protocol";
import type { StreamsGroupStateName } from "./streams-group.ts";
import type { ClientTag, StreamsMember, UserEndpoint } from "./streams-member.ts";
import type { InternalTopicToCreate, StreamsStatus } from "./streams-status.ts";
import type { TaskIds, TaskLists } from "./tasks.ts";
import type { InternalTopicInfo, Subtopology, TopologyValue } from "./topology.ts";

/** StreamsGroupHeartbeat: join, stay in, or leave a streams group; learn which tasks to run. */
export interface StreamsHeartbeatInput {
  readonly kind: "streams-heartbeat";
  readonly groupId: string;
  readonly memberId: string;
  /** 0 to join, -1 to leave. */
  readonly memberEpoch: number;
  /** The newest information about endpoints that the member has. */
  readonly endpointInformationEpoch: number;
  readonly instanceId: string | null;
  readonly rackId: string | null;
  /** -1 when it has not changed. */
  readonly rebalanceTimeoutMs: number;
  /** null but for a member that joins. */
  readonly topology: TopologyValue | null;
  /** What the member runs; null when it has not changed. */
  readonly activeTasks: readonly TaskIds[] | null;
  readonly standbyTasks: readonly TaskIds[] | null;
  readonly warmupTasks: readonly TaskIds[] | null;
  /** null when it has not changed. */
  readonly processId: string | null;
  /** null when it has not changed. */
  readonly userEndpoint: UserEndpoint | null;
  /** null when they have not changed. */
  readonly clientTags: readonly ClientTag[] | null;
  /** How far the member's state is; not looked at by Apache Kafka 4.3 either. */
  readonly taskOffsets: readonly object[] | null;
  readonly taskEndOffsets: readonly object[] | null;
  /** The whole application is to stop. */
  readonly shutdownApplication: boolean;
  readonly clientId: string;
  readonly clientHost: string;
}

/** Which partitions' state a member's endpoint answers for. */
export interface EndpointPartitions {
  readonly userEndpoint: UserEndpoint;
  readonly activePartitions: readonly NamedPartitions[];
  readonly standbyPartitions: readonly NamedPartitions[];
}

/** Partitions of a topic. */
export interface NamedPartitions {
  readonly topic: string;
  readonly partitions: readonly number[];
}

/** The answer to StreamsGroupHeartbeat. */
export interface StreamsHeartbeatReply {
  readonly kind: "streams-heartbeat";
  readonly error: ErrorName;
  readonly message: string | null;
  readonly memberId: string;
  readonly memberEpoch: number;
  readonly heartbeatIntervalMs: number;
  /** null in a refusal. */
  readonly statuses: readonly StreamsStatus[] | null;
  /** null when they have not changed. */
  readonly tasks: TaskLists | null;
  readonly endpointInformationEpoch: number;
  /** null when the member has the newest information. */
  readonly partitionsByUserEndpoint: readonly EndpointPartitions[] | null;
  /** What is to be made before the group can work. */
  readonly topicsToCreate: readonly InternalTopicToCreate[];
}

/** StreamsGroupDescribe: what a streams group is like. */
export interface StreamsDescribeInput {
  readonly kind: "streams-describe";
  readonly groupId: string;
}

/** The answer to StreamsGroupDescribe, for one group. */
export interface StreamsDescribeReply {
  readonly kind: "streams-describe";
  readonly error: ErrorName;
  readonly message: string | null;
  readonly state: StreamsGroupStateName | "";
  readonly groupEpoch: number;
  readonly assignmentEpoch: number;
  readonly topology: DescribedTopology | null;
  readonly members: readonly DescribedStreamsMember[];
}

/** A topology as it is described; partitions are decided once its topics are there. */
export interface DescribedTopology {
  readonly epoch: number;
  readonly subtopologies: readonly DescribedSubtopology[];
}

/** A subtopology as it is described; all names ascending. */
export interface DescribedSubtopology
  extends Pick<Subtopology, "subtopologyId" | "sourceTopics" | "repartitionSinkTopics"> {
  readonly repartitionSourceTopics: readonly InternalTopicInfo[];
  readonly stateChangelogTopics: readonly InternalTopicInfo[];
}

/** A member as StreamsGroupDescribe shows it. */
export interface DescribedStreamsMember
  extends Pick<
    StreamsMember,
    | "memberId"
    | "memberEpoch"
    | "instanceId"
    | "rackId"
    | "clientId"
    | "clientHost"
    | "topologyEpoch"
    | "processId"
    | "userEndpoint"
    | "clientTags"
  > {
  readonly assignment: TaskLists;
  readonly targetAssignment: TaskLists;
}

/** A streams group's member did not do in time what it had to. */
export interface StreamsMemberTimerInput {
  readonly kind: "streams-member-expired";
  readonly groupId: string;
  readonly memberId: string;
  /** The member is still in this epoch; undefined when its epoch does not matter. */
  readonly memberEpoch: number | undefined;
}

/** A new group has waited long enough for further members. */
export interface StreamsDelayTimerInput {
  readonly kind: "streams-initial-rebalance-delay";
  readonly groupId: string;
}
