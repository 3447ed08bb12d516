import { errorCodes, type ErrorName } from "@millrace/protocol";

import { type AccessContext, eachMay, may } from "./access.ts";
import { authorizedOperations, operationsNotAsked } from "./authorized-operations.ts";

/** What a description of groups has in all of its APIs. */
interface DescribedGroup {
  readonly errorCode: number;
}

/** How an API describes groups of its type. */
export interface GroupDescription<Group extends DescribedGroup> {
  readonly groupIds: readonly string[];
  readonly includeAuthorizedOperations: boolean;
  describe(groupId: string): Promise<Group>;
  /** The topics that a description names. */
  topicNames(group: Group): readonly string[];
  /** What is told where one of them may not be described. */
  readonly hiddenTopicsMessage: string;
  refused(groupId: string, error: ErrorName, message: string | null): Group;
}

/**
 * Describes groups, each for itself. Who may not describe a group is told nothing of it; who may
 * not describe one of its topics, nothing but that.
 */
export function describeEachGroup<Group extends DescribedGroup>(
  description: GroupDescription<Group>,
  context: AccessContext,
): Promise<readonly (Group & { readonly authorizedOperations: number })[]> {
  const { groupIds, includeAuthorizedOperations, hiddenTopicsMessage } = description;
  const mayDescribe = eachMay(context, "DESCRIBE", "TOPIC");
  const describeOne = async (groupId: string): Promise<Group> => {
    if (!may(context, "DESCRIBE", "GROUP", groupId)) {
      return description.refused(groupId, "GROUP_AUTHORIZATION_FAILED", null);
    }
    const group = await description.describe(groupId);
    if (description.topicNames(group).every(mayDescribe)) return group;
    return description.refused(groupId, "TOPIC_AUTHORIZATION_FAILED", hiddenTopicsMessage);
  };
  const groups = groupIds.map(async (groupId) => {
    const group = await describeOne(groupId);
    const isAsked = includeAuthorizedOperations && group.errorCode === errorCodes.NONE;
    const operations = isAsked
      ? authorizedOperations(context, "GROUP", groupId)
      : operationsNotAsked;
    return { ...group, authorizedOperations: operations };
  });
  return Promise.all(groups);
}

/** Kafka's words where the members of a group have topics that may not be described. */
export const hiddenTopicsOfMembers =
  "The group has described topic(s) that the client is not authorized to describe.";
