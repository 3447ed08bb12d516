import { errorCodes, OffsetDelete, type RequestOf, type ResponseInput } from "@millrace/protocol";

import { eachMay, may } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * OffsetDelete (key 47), version 0: forgets committed offsets of topics that nobody in the group
 * reads. Answers per partition; one refusal does not stop the others.
 */
export const offsetDelete: Handler<typeof OffsetDelete> = {
  api: OffsetDelete,
  versions: "0",
  handle,
};

async function handle(
  request: RequestOf<typeof OffsetDelete>,
  context: RequestContext,
): Promise<ResponseInput<typeof OffsetDelete>> {
  const { groupId } = request;
  if (!may(context, "DELETE", "GROUP", groupId)) {
    return { errorCode: errorCodes.GROUP_AUTHORIZATION_FAILED, throttleTimeMs: 0, topics: [] };
  }
  const mayRead = eachMay(context, "READ", "TOPIC");
  const partitions = request.topics.flatMap(({ name, partitions: asked }) =>
    asked.map(({ partitionIndex }) => ({ topic: name, partition: partitionIndex })),
  );
  const known = partitions.filter(
    ({ topic, partition }) => mayRead(topic) && exists(topic, partition, context),
  );
  const reply = await context.services.groups.submit(groupId, {
    kind: "offset-delete",
    groupId,
    partitions: known,
  });
  if (reply.error !== "NONE") {
    return { errorCode: errorCodes[reply.error], throttleTimeMs: 0, topics: [] };
  }
  const errors = new Map(
    known.map((place, index) => [keyOf(place), reply.errors[index] ?? "NONE"]),
  );
  const topics = request.topics.map(({ name, partitions: asked }) => ({
    name,
    partitions: asked.map(({ partitionIndex }) => {
      const error = errors.get(keyOf({ topic: name, partition: partitionIndex }));
      const unknown = mayRead(name) ? "UNKNOWN_TOPIC_OR_PARTITION" : "TOPIC_AUTHORIZATION_FAILED";
      const errorCode = errorCodes[error ?? unknown];
      return { partitionIndex, errorCode };
    }),
  }));
  return { errorCode: errorCodes.NONE, throttleTimeMs: 0, topics };
}

function exists(topic: string, partition: number, context: RequestContext): boolean {
  return context.image.topics.byName.get(topic)?.partitions[partition] !== undefined;
}

function keyOf(place: { readonly topic: string; readonly partition: number }): string {
  return `${place.topic}/${place.partition}`;
}
