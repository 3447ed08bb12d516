import {
  DeleteShareGroupOffsets,
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { deleteShareGroupOffsets as deleteOffsets } from "../coordination/share-group-offsets.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * DeleteShareGroupOffsets (key 92), version 0: forgets topics of a share group, with the state of
 * all their partitions (KIP-932). Answers per topic.
 * - NON_EMPTY_GROUP while the group has members; GROUP_ID_NOT_FOUND for one that is not there.
 */
export const deleteShareGroupOffsets: Handler<typeof DeleteShareGroupOffsets> = {
  api: DeleteShareGroupOffsets,
  versions: "0",
  handle,
};

type Response = ResponseInput<typeof DeleteShareGroupOffsets>;

async function handle(
  request: RequestOf<typeof DeleteShareGroupOffsets>,
  { services }: RequestContext,
): Promise<Response> {
  if (!services.shares.servesShareGroups) return refused("UNSUPPORTED_VERSION");
  if (request.groupId === "") return refused("INVALID_GROUP_ID");
  return deleteOffsets(request, services);
}

function refused(error: ErrorName): Response {
  return { throttleTimeMs: 0, errorCode: errorCodes[error], responses: [] };
}
