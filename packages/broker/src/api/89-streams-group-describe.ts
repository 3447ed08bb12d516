import type { DescribedStreamsMember, StreamsDescribeReply } from "@millrace/coordinators";
import {
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
  StreamsGroupDescribe,
} from "@millrace/protocol";

import { describeEachGroup } from "./described-groups.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * StreamsGroupDescribe (key 89), version 0: topology, state and members of streams groups
 * (KIP-1071).
 * - Answers per group; UNSUPPORTED_VERSION for each where such groups are not served.
 */
export const streamsGroupDescribe: Handler<typeof StreamsGroupDescribe> = {
  api: StreamsGroupDescribe,
  versions: "0",
  handle,
};

type Response = ResponseInput<typeof StreamsGroupDescribe>;
type Group = Response["groups"][number];
type Member = Group["members"][number];
type Subtopology = NonNullable<NonNullable<Group["topology"]>["subtopologies"]>[number];

async function handle(
  request: RequestOf<typeof StreamsGroupDescribe>,
  context: RequestContext,
): Promise<Response> {
  const { groupIds, includeAuthorizedOperations } = request;
  const groups = await describeEachGroup(
    {
      groupIds,
      includeAuthorizedOperations,
      describe: (groupId) => describe(groupId, context),
      topicNames,
      hiddenTopicsMessage: hiddenTopics,
      refused,
    },
    context,
  );
  return { throttleTimeMs: 0, groups };
}

const hiddenTopics =
  "The described group uses topics that the client is not authorized to describe.";

/** The topics of a group's topology. */
function topicNames({ topology }: Group): readonly string[] {
  return (topology?.subtopologies ?? []).flatMap((subtopology) => [
    ...subtopology.sourceTopics,
    ...subtopology.repartitionSinkTopics,
    ...subtopology.repartitionSourceTopics.map(({ name }) => name),
    ...subtopology.stateChangelogTopics.map(({ name }) => name),
  ]);
}

async function describe(groupId: string, context: RequestContext): Promise<Group> {
  const { groups } = context.services;
  if (!groups.servesStreamsGroups) return refused(groupId, "UNSUPPORTED_VERSION", null);
  if (groupId === "") return refused(groupId, "INVALID_GROUP_ID", null);
  const reply = await groups.submit(groupId, { kind: "streams-describe", groupId });
  if (reply.error !== "NONE") return refused(groupId, reply.error, reply.message);
  return {
    errorCode: errorCodes.NONE,
    groupId,
    groupState: reply.state,
    groupEpoch: reply.groupEpoch,
    assignmentEpoch: reply.assignmentEpoch,
    topology: shapeTopology(reply.topology),
    members: reply.members.map(shapeMember),
  };
}

function shapeTopology(
  topology: StreamsDescribeReply["topology"],
): NonNullable<Group["topology"]> | null {
  if (topology === null) return null;
  return {
    epoch: topology.epoch,
    subtopologies: topology.subtopologies.map(
      (subtopology): Subtopology => ({
        subtopologyId: subtopology.subtopologyId,
        sourceTopics: [...subtopology.sourceTopics],
        repartitionSinkTopics: [...subtopology.repartitionSinkTopics],
        repartitionSourceTopics: [...subtopology.repartitionSourceTopics],
        stateChangelogTopics: [...subtopology.stateChangelogTopics],
      }),
    ),
  };
}

function shapeMember(member: DescribedStreamsMember): Member {
  const { assignment, targetAssignment, clientTags, userEndpoint, ...facts } = member;
  return {
    ...facts,
    userEndpoint: userEndpoint && { ...userEndpoint },
    clientTags: [...clientTags],
    // Apache Kafka 4.3 keeps no offsets of tasks either.
    taskOffsets: [],
    taskEndOffsets: [],
    assignment: shapeAssignment(assignment),
    targetAssignment: shapeAssignment(targetAssignment),
    isClassic: false,
  };
}

function shapeAssignment(tasks: DescribedStreamsMember["assignment"]): Member["assignment"] {
  const shape = (list: typeof tasks.activeTasks) => {
    return list.map(({ subtopologyId, partitions }) => ({
      subtopologyId,
      partitions: [...partitions],
    }));
  };
  return {
    activeTasks: shape(tasks.activeTasks),
    standbyTasks: shape(tasks.standbyTasks),
    warmupTasks: shape(tasks.warmupTasks),
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
    members: [],
  };
}
