import { errorCodes, type RequestOf, type ResponseInput, SyncGroup } from "@millrace/protocol";

import { may } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * SyncGroup (key 14), versions 0-5: the leader of a classic group hands out its assignment, the
 * others wait for theirs.
 * - v3: static members. v5: protocol type and name are checked.
 */
export const syncGroup: Handler<typeof SyncGroup> = { api: SyncGroup, versions: "0-5", handle };

async function handle(
  request: RequestOf<typeof SyncGroup>,
  context: RequestContext,
): Promise<ResponseInput<typeof SyncGroup>> {
  if (!may(context, "READ", "GROUP", request.groupId)) {
    return {
      throttleTimeMs: 0,
      errorCode: errorCodes.GROUP_AUTHORIZATION_FAILED,
      assignment: Buffer.alloc(0),
    };
  }
  const reply = await context.services.groups.submit(request.groupId, {
    kind: "sync-group",
    ...request,
  });
  const { protocolType, protocolName, assignment } = reply;
  const errorCode = errorCodes[reply.error];
  return { throttleTimeMs: 0, errorCode, protocolType, protocolName, assignment };
}
