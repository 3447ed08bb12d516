import {
  DeleteGroups,
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { deleteShareGroupStates } from "../coordination/share-group-offsets.ts";
import { may } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/** DeleteGroups (key 42), versions 0-2: removes groups that have no members, with their offsets. */
export const deleteGroups: Handler<typeof DeleteGroups> = {
  api: DeleteGroups,
  versions: "0-2",
  handle,
};

async function handle(
  request: RequestOf<typeof DeleteGroups>,
  context: RequestContext,
): Promise<ResponseInput<typeof DeleteGroups>> {
  const groupIds = [...new Set(request.groupsNames)];
  const results = groupIds.map(async (groupId) => {
    return { groupId, errorCode: errorCodes[await deleteGroup(groupId, context)] };
  });
  return { throttleTimeMs: 0, results: await Promise.all(results) };
}

async function deleteGroup(groupId: string, context: RequestContext): Promise<ErrorName> {
  const { services } = context;
  if (!may(context, "DELETE", "GROUP", groupId)) return "GROUP_AUTHORIZATION_FAILED";
  // What the share coordinator keeps goes first: it could not be found without the group.
  const error = await deleteShareGroupStates(groupId, services);
  if (error !== "NONE") return error;
  return (await services.groups.submit(groupId, { kind: "delete-group", groupId })).error;
}
