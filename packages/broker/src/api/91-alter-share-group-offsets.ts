import {
  AlterShareGroupOffsets,
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { alterShareGroupOffsets as alterOffsets } from "../coordination/share-group-offsets.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * AlterShareGroupOffsets (key 91), version 0: begins partitions of a share group anew, each at an
 * offset (KIP-932). Answers per partition.
 * - NON_EMPTY_GROUP while the group has members; one that is not there is made.
 */
export const alterShareGroupOffsets: Handler<typeof AlterShareGroupOffsets> = {
  api: AlterShareGroupOffsets,
  versions: "0",
  handle,
};

type Response = ResponseInput<typeof AlterShareGroupOffsets>;

async function handle(
  request: RequestOf<typeof AlterShareGroupOffsets>,
  { services }: RequestContext,
): Promise<Response> {
  if (!services.shares.servesShareGroups) return refused("UNSUPPORTED_VERSION");
  if (request.groupId === "") return refused("INVALID_GROUP_ID");
  return alterOffsets(request, services);
}

function refused(error: ErrorName): Response {
  return { throttleTimeMs: 0, errorCode: errorCodes[error], responses: [] };
}
