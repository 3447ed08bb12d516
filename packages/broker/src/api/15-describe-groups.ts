import { DescribeGroups, errorCodes, type RequestOf, type ResponseInput } from "@millrace/protocol";

import { may } from "./access.ts";
import { authorizedOperations, operationsNotAsked } from "./authorized-operations.ts";
import { type Handler, longAnswerMemory } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * DescribeGroups (key 15), versions 0-6: state and members of classic groups.
 * - v3: authorized operations. v4: static members.
 * - v6: a group that is not there is GROUP_ID_NOT_FOUND; before, it is merely dead (KIP-1043).
 */
export const describeGroups: Handler<typeof DescribeGroups> = {
  api: DescribeGroups,
  versions: "0-6",
  memory: longAnswerMemory,
  handle,
};

type Response = ResponseInput<typeof DescribeGroups>;

async function handle(
  request: RequestOf<typeof DescribeGroups>,
  context: RequestContext,
): Promise<Response> {
  const groups = request.groups.map(async (groupId) => {
    if (!may(context, "DESCRIBE", "GROUP", groupId)) return forbidden(groupId);
    const group = await describe(groupId, context);
    const isAsked = request.includeAuthorizedOperations && group.errorCode === errorCodes.NONE;
    const operations = isAsked
      ? authorizedOperations(context, "GROUP", groupId)
      : operationsNotAsked;
    return { ...group, authorizedOperations: operations };
  });
  return { throttleTimeMs: 0, groups: await Promise.all(groups) };
}

function forbidden(groupId: string): Response["groups"][number] {
  return {
    groupId,
    errorCode: errorCodes.GROUP_AUTHORIZATION_FAILED,
    groupState: "",
    protocolType: "",
    protocolData: "",
    members: [],
  };
}

async function describe(
  groupId: string,
  context: RequestContext,
): Promise<Response["groups"][number]> {
  const reply = await context.services.groups.submit(groupId, { kind: "describe-group", groupId });
  const isMissing = reply.error === "GROUP_ID_NOT_FOUND";
  const knowsMissing = context.apiVersion >= 6;
  const error = isMissing && !knowsMissing ? "NONE" : reply.error;
  return {
    groupId,
    errorCode: errorCodes[error],
    errorMessage: isMissing && knowsMissing ? `Group ${groupId} not found.` : null,
    groupState: reply.state,
    protocolType: reply.protocolType,
    protocolData: reply.protocolName,
    members: reply.members.map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      memberMetadata: member.metadata,
      memberAssignment: member.assignment,
    })),
  };
}
