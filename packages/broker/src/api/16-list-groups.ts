import { errorCodes, ListGroups, type RequestOf, type ResponseInput } from "@millrace/protocol";

import { mightDo } from "./access.ts";
import { CLUSTER_RESOURCE } from "../security/acl/acl-names.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * ListGroups (key 16), versions 0-5: the groups that this broker coordinates.
 * - v4: only those in some states (KIP-518). v5: only those of some types (KIP-848).
 */
export const listGroups: Handler<typeof ListGroups> = { api: ListGroups, versions: "0-5", handle };

async function handle(
  request: RequestOf<typeof ListGroups>,
  context: RequestContext,
): Promise<ResponseInput<typeof ListGroups>> {
  const replies = await context.services.groups.submitToAll({
    kind: "list-groups",
    states: lowerCase(request.statesFilter),
    types: lowerCase(request.typesFilter),
  });
  const failed = replies.find(({ error }) => error !== "NONE");
  // Who may describe the cluster sees every group; others those that they may describe.
  const seesAll = mightDo(context, "DESCRIBE", "CLUSTER", CLUSTER_RESOURCE);
  const groups = replies
    .flatMap((reply) => reply.groups)
    .filter(({ groupId }) => seesAll || mightDo(context, "DESCRIBE", "GROUP", groupId));
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes[failed?.error ?? "NONE"],
    groups: groups.map(({ groupId, protocolType, state, type }) => ({
      groupId,
      protocolType,
      groupState: state,
      groupType: type,
    })),
  };
}

function lowerCase(words: readonly string[]): ReadonlySet<string> {
  return new Set(words.map((word) => word.toLowerCase()));
}
