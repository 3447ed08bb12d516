import {
  DeleteShareGroupOffsets,
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
  ZERO_UUID,
} from "@millrace/protocol";

import { deleteShareGroupOffsets as deleteOffsets } from "../coordination/share-group-offsets.ts";
import { eachMay, may } from "./access.ts";
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
  context: RequestContext,
): Promise<Response> {
  const { services } = context;
  if (!services.shares.servesShareGroups) return refused("UNSUPPORTED_VERSION");
  if (!may(context, "DELETE", "GROUP", request.groupId)) {
    return refused("GROUP_AUTHORIZATION_FAILED");
  }
  if (request.groupId === "") return refused("INVALID_GROUP_ID");
  const mayRead = eachMay(context, "READ", "TOPIC");
  const readable = request.topics.filter(({ topicName }) => mayRead(topicName));
  const hidden = request.topics.filter(({ topicName }) => !mayRead(topicName));
  if (hidden.length === 0) return deleteOffsets(request, services);
  const answer = await deleteOffsets({ ...request, topics: readable }, services);
  // What is wrong with the group goes before what is wrong with its topics.
  if (answer.errorCode !== errorCodes.NONE) return answer;
  return { ...answer, responses: [...answer.responses, ...hidden.map(forbidden)] };
}

function refused(error: ErrorName): Response {
  return { throttleTimeMs: 0, errorCode: errorCodes[error], responses: [] };
}

function forbidden(
  topic: RequestOf<typeof DeleteShareGroupOffsets>["topics"][number],
): Response["responses"][number] {
  const errorCode = errorCodes.TOPIC_AUTHORIZATION_FAILED;
  return { topicName: topic.topicName, topicId: ZERO_UUID, errorCode };
}
