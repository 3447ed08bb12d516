import {
  DescribeShareGroupOffsets,
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { describeShareGroupOffsets as describe } from "../coordination/share-group-offsets.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * DescribeShareGroupOffsets (key 90), versions 0-1: where share groups are: the first offset of
 * each partition that is not done (KIP-932).
 * - v1: the lag (KIP-1226).                  - Topics null means all that the group has.
 * - A partition that the group has not begun has start offset -1, as one that does not exist.
 */
export const describeShareGroupOffsets: Handler<typeof DescribeShareGroupOffsets> = {
  api: DescribeShareGroupOffsets,
  versions: "0-1",
  handle,
};

type Response = ResponseInput<typeof DescribeShareGroupOffsets>;

async function handle(
  request: RequestOf<typeof DescribeShareGroupOffsets>,
  { services }: RequestContext,
): Promise<Response> {
  const refused = (groupId: string, error: ErrorName) => ({
    groupId,
    topics: [],
    errorCode: errorCodes[error],
  });
  const groups = request.groups.map(async (group) => {
    if (!services.shares.servesShareGroups) return refused(group.groupId, "UNSUPPORTED_VERSION");
    if (group.groupId === "") return refused(group.groupId, "INVALID_GROUP_ID");
    return describe(group, services);
  });
  return { throttleTimeMs: 0, groups: await Promise.all(groups) };
}
