import { errorCodes, Heartbeat, type RequestOf, type ResponseInput } from "@millrace/protocol";

import { may } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * Heartbeat (key 12), versions 0-4: a member of a classic group is alive, and learns of a
 * rebalance.
 * - v3: static members.
 */
export const heartbeat: Handler<typeof Heartbeat> = { api: Heartbeat, versions: "0-4", handle };

async function handle(
  request: RequestOf<typeof Heartbeat>,
  context: RequestContext,
): Promise<ResponseInput<typeof Heartbeat>> {
  if (!may(context, "READ", "GROUP", request.groupId)) {
    return { throttleTimeMs: 0, errorCode: errorCodes.GROUP_AUTHORIZATION_FAILED };
  }
  const { groupId, generationId, memberId, groupInstanceId } = request;
  const reply = await context.services.groups.submit(groupId, {
    kind: "heartbeat",
    groupId,
    generationId,
    memberId,
    groupInstanceId,
  });
  return { throttleTimeMs: 0, errorCode: errorCodes[reply.error] };
}
