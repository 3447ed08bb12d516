import { DeleteGroups, errorCodes, type RequestOf, type ResponseInput } from "@millrace/protocol";

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
    const input = { kind: "delete-group", groupId } as const;
    const { error } = await context.services.groups.submit(groupId, input);
    return { groupId, errorCode: errorCodes[error] };
  });
  return { throttleTimeMs: 0, results: await Promise.all(results) };
}
