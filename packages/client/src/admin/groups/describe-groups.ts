import {
  type ApiSchema,
  ConsumerGroupDescribe,
  DescribeGroups,
  type ResponseOf,
  ShareGroupDescribe,
  StreamsGroupDescribe,
} from "@millrace/protocol";

import type { Answer, Cluster, RequestFor } from "../../cluster.ts";
import { KafkaError } from "../../errors/kafka-error.ts";
import { type AclOperation, operationsOf, outcomeOf, type Refusable } from "../answer.ts";
import type { AdminCallOptions } from "../call-options.ts";
import { type Outcomes, settleEach } from "../settle-each.ts";
import { askCoordinators } from "../targets.ts";
import { classicAssignment, type TopicPartitions } from "./classic-assignment.ts";
import { type GroupState, groupState } from "./list-groups.ts";

/** How groups are described. */
export interface DescribeGroupsOptions extends AdminCallOptions {
  readonly includeAuthorizedOperations?: boolean | undefined;
}

/** What all kinds of groups have. */
interface GroupDescription {
  readonly groupId: string;
  readonly state: GroupState;
  /** Undefined unless they were asked for. */
  readonly authorizedOperations: ReadonlySet<AclOperation> | undefined;
}

/** A member of a group of consumers. */
export interface ConsumerGroupMember {
  readonly memberId: string;
  readonly instanceId: string | undefined;
  readonly rackId: string | undefined;
  readonly clientId: string;
  readonly host: string;
  readonly assignment: readonly TopicPartitions[];
  /** What it shall have once it has given up the rest; undefined in classic groups. */
  readonly targetAssignment: readonly TopicPartitions[] | undefined;
  /** Undefined in classic groups. */
  readonly epoch: number | undefined;
  /** Whether it speaks the classic protocol in a KIP-848 group; undefined where not told. */
  readonly isUpgraded: boolean | undefined;
  readonly subscribedTopics: readonly string[] | undefined;
  readonly subscribedPattern: string | undefined;
}

/** A group of consumers, classic or KIP-848. */
export interface ConsumerGroupDescription extends GroupDescription {
  readonly type: "classic" | "consumer";
  readonly assignor: string;
  readonly isSimple: boolean;
  readonly groupEpoch: number | undefined;
  readonly targetAssignmentEpoch: number | undefined;
  readonly members: readonly ConsumerGroupMember[];
}

/** A member of a classic group of whatever protocol. */
export interface ClassicGroupMember {
  readonly memberId: string;
  readonly instanceId: string | undefined;
  readonly clientId: string;
  readonly host: string;
  /** Bytes that the members' protocol understands. */
  readonly metadata: Buffer;
  readonly assignment: Buffer;
}

/** A classic group of whatever protocol. */
export interface ClassicGroupDescription extends GroupDescription {
  readonly protocol: string;
  readonly protocolData: string;
  readonly isSimple: boolean;
  readonly members: readonly ClassicGroupMember[];
}

/** A member of a share group. */
export interface ShareGroupMember {
  readonly memberId: string;
  readonly rackId: string | undefined;
  readonly clientId: string;
  readonly host: string;
  readonly epoch: number;
  readonly subscribedTopics: readonly string[];
  readonly assignment: readonly TopicPartitions[];
}

/** A share group. */
export interface ShareGroupDescription extends GroupDescription {
  readonly groupEpoch: number;
  readonly targetAssignmentEpoch: number;
  readonly assignor: string;
  readonly members: readonly ShareGroupMember[];
}

type StreamsGroup = ResponseOf<typeof StreamsGroupDescribe>["groups"][number];

/** A streams group; topology and members as the protocol has them (KIP-1071). */
export interface StreamsGroupDescription extends GroupDescription {
  readonly groupEpoch: number;
  readonly targetAssignmentEpoch: number;
  readonly topology: StreamsGroup["topology"];
  readonly members: StreamsGroup["members"];
}

type GroupAnswer = Refusable & { readonly groupId: string };

interface DescribePlan<A extends ApiSchema, G extends GroupAnswer, D> {
  readonly api: A;
  readonly request: (groupIds: readonly string[]) => RequestFor<A>;
  readonly groupsOf: (answer: Answer<A>) => readonly G[];
  readonly describe: (group: G) => D | KafkaError;
}

function describeWith<A extends ApiSchema, G extends GroupAnswer, D>(
  cluster: Cluster,
  groupIds: readonly string[],
  options: AdminCallOptions,
  plan: DescribePlan<A, G, D>,
): Promise<Outcomes<string, D>> {
  const what = "describing groups";
  return settleEach<string, D>(cluster, {
    what,
    items: groupIds,
    call: options,
    attempt: (open, state) =>
      askCoordinators(cluster, open, { kind: "group", what, state }, async (target, ids) => {
        const answer = await cluster.send(target, plan.api, plan.request(ids), {
          signal: state.signal,
        });
        return new Map(
          plan.groupsOf(answer).map((group) => {
            const place = { what: "it cannot be described", group: group.groupId };
            const named = { ...place, api: plan.api.name };
            const outcome = outcomeOf(group, named, () => plan.describe(group));
            return [group.groupId, outcome];
          }),
        );
      }),
  });
}

/** What the newer types of groups are asked. */
function requestOf({ includeAuthorizedOperations = false }: DescribeGroupsOptions) {
  return (groupIds: readonly string[]) => ({
    groupIds: [...groupIds],
    includeAuthorizedOperations,
  });
}

/**
 * Describes groups of consumers: of KIP-848 first, and as classic ones those that are of no such
 * type.
 */
export async function describeConsumerGroups(
  cluster: Cluster,
  groupIds: readonly string[],
  options: DescribeGroupsOptions,
): Promise<Outcomes<string, ConsumerGroupDescription>> {
  const outcomes = await describeWith(cluster, groupIds, options, {
    api: ConsumerGroupDescribe,
    request: requestOf(options),
    groupsOf: ({ body }) => body.groups,
    describe: (group) => consumerGroup(group),
  });
  const others = [...outcomes]
    .filter(([, outcome]) => outcome instanceof KafkaError && isOfNoSuchType(outcome))
    .map(([groupId]) => groupId);
  const classic = await describeClassicGroups(cluster, others, options);
  for (const [groupId, group] of classic) {
    outcomes.set(groupId, group instanceof KafkaError ? group : classicConsumerGroup(group));
  }
  return outcomes;
}

/** As Java's admin does: the group may be classic, or the broker may be older. */
function isOfNoSuchType({ code }: KafkaError): boolean {
  return code === "GROUP_ID_NOT_FOUND" || code === "UNSUPPORTED_VERSION";
}

type ConsumerGroup = ResponseOf<typeof ConsumerGroupDescribe>["groups"][number];

function consumerGroup(group: ConsumerGroup): ConsumerGroupDescription {
  return {
    ...common(group),
    type: "consumer",
    assignor: group.assignorName,
    isSimple: group.members.length === 0,
    groupEpoch: group.groupEpoch,
    targetAssignmentEpoch: group.assignmentEpoch,
    members: group.members.map((member) => ({
      memberId: member.memberId,
      instanceId: member.instanceId ?? undefined,
      rackId: member.rackId ?? undefined,
      clientId: member.clientId,
      host: member.clientHost,
      assignment: topicPartitions(member.assignment.topicPartitions),
      targetAssignment: topicPartitions(member.targetAssignment.topicPartitions),
      epoch: member.memberEpoch,
      isUpgraded: member.memberType < 0 ? undefined : member.memberType === 1,
      subscribedTopics: member.subscribedTopicNames,
      subscribedPattern: member.subscribedTopicRegex ?? undefined,
    })),
  };
}

function classicConsumerGroup(
  group: ClassicGroupDescription,
): ConsumerGroupDescription | KafkaError {
  const { groupId, protocol } = group;
  if (protocol !== "" && protocol !== "consumer") {
    const what = `it is no group of consumers but of ${protocol}`;
    return new KafkaError("INVALID_ARGUMENT", what, { group: groupId });
  }
  return {
    groupId,
    state: group.state,
    authorizedOperations: group.authorizedOperations,
    type: "classic",
    assignor: group.protocolData,
    isSimple: group.isSimple,
    groupEpoch: undefined,
    targetAssignmentEpoch: undefined,
    members: group.members.map((member) => ({
      memberId: member.memberId,
      instanceId: member.instanceId,
      rackId: undefined,
      clientId: member.clientId,
      host: member.host,
      assignment: classicAssignment(member.assignment),
      targetAssignment: undefined,
      epoch: undefined,
      isUpgraded: undefined,
      subscribedTopics: undefined,
      subscribedPattern: undefined,
    })),
  };
}

/** Describes classic groups, whatever their members are. */
export function describeClassicGroups(
  cluster: Cluster,
  groupIds: readonly string[],
  options: DescribeGroupsOptions,
): Promise<Outcomes<string, ClassicGroupDescription>> {
  const asked = options.includeAuthorizedOperations ?? false;
  return describeWith(cluster, groupIds, options, {
    api: DescribeGroups,
    request: (groups) => (version) => ({
      groups: [...groups],
      ...(version >= 3 ? { includeAuthorizedOperations: asked } : {}),
    }),
    groupsOf: ({ body }) => body.groups,
    describe: (group) => {
      // Before version 6 a group that is not there was told as dead.
      if (group.groupState === "Dead" && group.protocolType === "" && group.members.length === 0) {
        const what = "there is no such group";
        return new KafkaError("GROUP_ID_NOT_FOUND", what, { group: group.groupId });
      }
      return {
        ...common(group),
        protocol: group.protocolType,
        protocolData: group.protocolData,
        isSimple: group.protocolType === "",
        members: group.members.map((member) => ({
          memberId: member.memberId,
          instanceId: member.groupInstanceId ?? undefined,
          clientId: member.clientId,
          host: member.clientHost,
          metadata: Buffer.from(member.memberMetadata),
          assignment: Buffer.from(member.memberAssignment),
        })),
      };
    },
  });
}

/** Describes share groups. */
export function describeShareGroups(
  cluster: Cluster,
  groupIds: readonly string[],
  options: DescribeGroupsOptions,
): Promise<Outcomes<string, ShareGroupDescription>> {
  return describeWith(cluster, groupIds, options, {
    api: ShareGroupDescribe,
    request: requestOf(options),
    groupsOf: ({ body }) => body.groups,
    describe: (group) => ({
      ...common(group),
      groupEpoch: group.groupEpoch,
      targetAssignmentEpoch: group.assignmentEpoch,
      assignor: group.assignorName,
      members: group.members.map((member) => ({
        memberId: member.memberId,
        rackId: member.rackId ?? undefined,
        clientId: member.clientId,
        host: member.clientHost,
        epoch: member.memberEpoch,
        subscribedTopics: member.subscribedTopicNames,
        assignment: topicPartitions(member.assignment.topicPartitions),
      })),
    }),
  });
}

/** Describes streams groups. */
export function describeStreamsGroups(
  cluster: Cluster,
  groupIds: readonly string[],
  options: DescribeGroupsOptions,
): Promise<Outcomes<string, StreamsGroupDescription>> {
  return describeWith(cluster, groupIds, options, {
    api: StreamsGroupDescribe,
    request: requestOf(options),
    groupsOf: ({ body }) => body.groups,
    describe: (group) => ({
      ...common(group),
      groupEpoch: group.groupEpoch,
      targetAssignmentEpoch: group.assignmentEpoch,
      topology: group.topology,
      members: group.members,
    }),
  });
}

function common(group: {
  readonly groupId: string;
  readonly groupState: string;
  readonly authorizedOperations: number;
}): GroupDescription {
  return {
    groupId: group.groupId,
    state: groupState(group.groupState),
    authorizedOperations: operationsOf(group.authorizedOperations),
  };
}

function topicPartitions(
  topics: readonly { readonly topicName: string; readonly partitions: readonly number[] }[],
): readonly TopicPartitions[] {
  return topics.map(({ topicName, partitions }) => ({ topic: topicName, partitions }));
}
