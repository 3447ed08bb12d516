import {
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
  ShareGroupDescribe,
} from "@millrace/protocol";

import { describeEachGroup, hiddenTopicsOfMembers } from "./described-groups.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * ShareGroupDescribe (key 77), version 1: state and members of share groups (KIP-932).
 * - Answers per group; UNSUPPORTED_VERSION for each where such groups are not served.
 */
export const shareGroupDescribe: Handler<typeof ShareGroupDescribe> = {
  api: ShareGroupDescribe,
  versions: "1",
  handle,
};

type Response = ResponseInput<typeof ShareGroupDescribe>;
type Group = Response["groups"][number];

async function handle(
  request: RequestOf<typeof ShareGroupDescribe>,
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
  return group.members.flatMap(({ assignment }) =>
    [...assignment.topicPartitions].map(({ topicName }) => topicName),
  );
}

async function describe(groupId: string, context: RequestContext): Promise<Group> {
  const { groups, shares } = context.services;
  if (!shares.servesShareGroups) return refused(groupId, "UNSUPPORTED_VERSION", null);
  if (groupId === "") return refused(groupId, "INVALID_GROUP_ID", null);
  const reply = await groups.submit(groupId, { kind: "share-describe", groupId });
  if (reply.error !== "NONE") return refused(groupId, reply.error, reply.message);
  return {
    errorCode: errorCodes.NONE,
    groupId,
    groupState: reply.state,
    groupEpoch: reply.groupEpoch,
    assignmentEpoch: reply.assignmentEpoch,
    assignorName: reply.assignor,
    members: reply.members.map(({ assignment, ...member }) => ({
      ...member,
      subscribedTopicNames: [...member.subscribedTopicNames],
      assignment: {
        topicPartitions: assignment.flatMap(({ topicId, partitions }) => {
          const topicName = context.image.topics.byId.get(topicId)?.name;
          return topicName === undefined
            ? []
            : [{ topicId, topicName, partitions: [...partitions] }];
        }),
      },
    })),
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
