import type { ConsumerDescribeReply, TopicPartitions } from "@millrace/coordinators";
import {
  ConsumerGroupDescribe,
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { describeEachGroup, hiddenTopicsOfMembers } from "./described-groups.ts";
import { type Handler, longAnswerMemory } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * ConsumerGroupDescribe (key 69), versions 0-1: state and members of consumer groups (KIP-848).
 * - v1: whether a member speaks the classic protocol (KIP-1099).
 * - Answers per group; UNSUPPORTED_VERSION for each where such groups are not served.
 */
export const consumerGroupDescribe: Handler<typeof ConsumerGroupDescribe> = {
  api: ConsumerGroupDescribe,
  versions: "0-1",
  memory: longAnswerMemory,
  handle,
};

type Response = ResponseInput<typeof ConsumerGroupDescribe>;
type Group = Response["groups"][number];
type Member = Group["members"][number];

/** What a member speaks, as the answer has it. */
const CLASSIC_MEMBER = 0;
const CONSUMER_MEMBER = 1;

async function handle(
  request: RequestOf<typeof ConsumerGroupDescribe>,
  context: RequestContext,
): Promise<Response> {
  const { groupIds, includeAuthorizedOperations } = request;
  const groups = await describeEachGroup(
    {
      groupIds,
      includeAuthorizedOperations,
      describe: (groupId) => describe(groupId, context),
      topicNames,
      hiddenTopicsMessage: hiddenTopicsOfMembers,
      refused,
    },
    context,
  );
  return { throttleTimeMs: 0, groups };
}

/** The topics that the members of a group are given. */
function topicNames(group: Group): readonly string[] {
  return group.members.flatMap(({ assignment, targetAssignment }) =>
    [...assignment.topicPartitions, ...targetAssignment.topicPartitions].map(
      ({ topicName }) => topicName,
    ),
  );
}

async function describe(groupId: string, context: RequestContext): Promise<Group> {
  const { groups } = context.services;
  if (!groups.servesConsumerGroups) return refused(groupId, "UNSUPPORTED_VERSION", null);
  if (groupId === "") return refused(groupId, "INVALID_GROUP_ID", null);
  const reply = await groups.submit(groupId, { kind: "consumer-describe", groupId });
  if (reply.error !== "NONE") return refused(groupId, reply.error, reply.message);
  return {
    errorCode: errorCodes.NONE,
    groupId,
    groupState: reply.state,
    groupEpoch: reply.groupEpoch,
    assignmentEpoch: reply.assignmentEpoch,
    assignorName: reply.assignor,
    members: reply.members.map((member) => shape(member, context)),
  };
}

function shape(
  member: ConsumerDescribeReply["members"][number],
  { image }: RequestContext,
): Member {
  const named = (partitions: readonly TopicPartitions[]): Member["assignment"] => ({
    topicPartitions: partitions.flatMap(({ topicId, partitions: indexes }) => {
      const topicName = image.topics.byId.get(topicId)?.name;
      return topicName === undefined ? [] : [{ topicId, topicName, partitions: [...indexes] }];
    }),
  });
  return {
    memberId: member.memberId,
    instanceId: member.instanceId,
    rackId: member.rackId,
    memberEpoch: member.memberEpoch,
    clientId: member.clientId,
    clientHost: member.clientHost,
    subscribedTopicNames: [...member.subscribedTopicNames],
    subscribedTopicRegex: member.subscribedTopicRegex,
    assignment: named(member.assignment),
    targetAssignment: named(member.targetAssignment),
    memberType: member.isClassic ? CLASSIC_MEMBER : CONSUMER_MEMBER,
  };
}

function refused(groupId: string, error: ErrorName, errorMessage: string | null): Group {
  return {
    errorCode: errorCodes[error],
    errorMessage,
    groupId,
    groupState: "",
    groupEpoch: 0,
    assignmentEpoch: 0,
    assignorName: "",
    members: [],
  };
}
