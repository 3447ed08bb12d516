import {
  DescribeShareGroupOffsets,
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
  ZERO_UUID,
} from "@millrace/protocol";

import { describeShareGroupOffsets as describe } from "../coordination/share-group-offsets.ts";
import { may, mightDo } from "./access.ts";
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
  context: RequestContext,
): Promise<Response> {
  const { services } = context;
  const refused = (groupId: string, error: ErrorName) => ({
    groupId,
    topics: [],
    errorCode: errorCodes[error],
  });
  const groups = request.groups.map(async (group) => {
    if (!services.shares.servesShareGroups) return refused(group.groupId, "UNSUPPORTED_VERSION");
    if (!may(context, "DESCRIBE", "GROUP", group.groupId)) {
      return refused(group.groupId, "GROUP_AUTHORIZATION_FAILED");
    }
    if (group.groupId === "") return refused(group.groupId, "INVALID_GROUP_ID");
    // Of all that a group has, what may not be described is left out; asked for, it is refused.
    const mayDescribe = (topic: { readonly topicName: string }): boolean =>
      group.topics === null
        ? mightDo(context, "DESCRIBE", "TOPIC", topic.topicName)
        : may(context, "DESCRIBE", "TOPIC", topic.topicName);
    const shown = new Set(group.topics?.filter(mayDescribe));
    const visible = group.topics?.filter((topic) => shown.has(topic)) ?? null;
    const hidden = (group.topics ?? []).filter((topic) => !shown.has(topic));
    const described = await describe({ ...group, topics: visible }, services);
    const topics = described.topics.filter((topic) => group.topics !== null || mayDescribe(topic));
    return { ...described, topics: [...topics, ...hidden.map(forbidden)] };
  });
  return { throttleTimeMs: 0, groups: await Promise.all(groups) };
}

type AskedTopic = NonNullable<
  RequestOf<typeof DescribeShareGroupOffsets>["groups"][number]["topics"]
>[number];

function forbidden(topic: AskedTopic): Response["groups"][number]["topics"][number] {
  const errorCode = errorCodes.TOPIC_AUTHORIZATION_FAILED;
  return {
    topicName: topic.topicName,
    topicId: ZERO_UUID,
    partitions: topic.partitions.map((partitionIndex) => ({
      partitionIndex,
      startOffset: -1,
      leaderEpoch: 0,
      errorCode,
    })),
  };
}
