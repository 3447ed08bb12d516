import {
  AlterShareGroupOffsets,
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
  ZERO_UUID,
} from "@millrace/protocol";

import { alterShareGroupOffsets as alterOffsets } from "../coordination/share-group-offsets.ts";
import { eachMay, may } from "./access.ts";
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
  context: RequestContext,
): Promise<Response> {
  const { services } = context;
  if (!services.shares.servesShareGroups) return refused("UNSUPPORTED_VERSION");
  if (!may(context, "READ", "GROUP", request.groupId)) {
    return refused("GROUP_AUTHORIZATION_FAILED");
  }
  if (request.groupId === "") return refused("INVALID_GROUP_ID");
  const mayRead = eachMay(context, "READ", "TOPIC");
  const readable = request.topics.filter(({ topicName }) => mayRead(topicName));
  const hidden = request.topics.filter(({ topicName }) => !mayRead(topicName));
  if (hidden.length === 0) return alterOffsets(request, services);
  const answer = await alterOffsets({ ...request, topics: readable }, services);
  return { ...answer, responses: [...answer.responses, ...hidden.map(forbidden)] };
}

function refused(error: ErrorName): Response {
  return { throttleTimeMs: 0, errorCode: errorCodes[error], responses: [] };
}

function forbidden(
  topic: RequestOf<typeof AlterShareGroupOffsets>["topics"][number],
): Response["responses"][number] {
  const errorCode = errorCodes.TOPIC_AUTHORIZATION_FAILED;
  return {
    topicName: topic.topicName,
    topicId: ZERO_UUID,
    partitions: topic.partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
  };
}
