import type { FetchedOffset } from "@millrace/coordinators";
import {
  errorCodes,
  type ErrorName,
  OffsetFetch,
  type RequestOf,
  type ResponseInput,
  type Uuid,
  ZERO_UUID,
} from "@millrace/protocol";

import { eachMay, may, mightDo } from "./access.ts";
import { type Handler, longAnswerMemory } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * OffsetFetch (key 9), versions 1-10: how far groups have read; -1 where they have not.
 * - v2: null topics asks for all that the group has; an error of the whole answer.
 * - v5: leader epochs. v7: stable offsets alone (KIP-447). v8: many groups.
 * - v9: member epochs (KIP-848). v10: topic ids.
 */
export const offsetFetch: Handler<typeof OffsetFetch> = {
  api: OffsetFetch,
  versions: "1-10",
  memory: longAnswerMemory,
  handle,
};

type Request = RequestOf<typeof OffsetFetch>;
type Response = ResponseInput<typeof OffsetFetch>;
type GroupAnswer = NonNullable<Response["groups"]>[number];

/** A group of any version's request. */
interface AskedGroup {
  readonly groupId: string;
  readonly memberId: string | null;
  readonly memberEpoch: number;
  readonly requireStable: boolean;
  readonly topics: readonly AskedTopic[] | null;
}

interface AskedTopic {
  readonly name: string;
  readonly topicId: Uuid;
  readonly partitionIndexes: readonly number[];
}

async function handle(request: Request, context: RequestContext): Promise<Response> {
  const { requireStable } = request;
  if (context.apiVersion >= 8) {
    const groups = request.groups.map((group) => fetchGroup({ ...group, requireStable }, context));
    return { throttleTimeMs: 0, groups: await Promise.all(groups) };
  }
  const topics = request.topics?.map((topic) => ({ ...topic, topicId: ZERO_UUID })) ?? null;
  const { groupId } = request;
  const asked = { groupId, memberId: null, memberEpoch: -1, requireStable, topics };
  const answer = await fetchGroup(asked, context);
  return {
    throttleTimeMs: 0,
    errorCode: answer.errorCode ?? 0,
    topics: singleTopics(answer, context),
  };
}

/** Before version 2 there is no error of the whole: it is every partition's. */
function singleTopics(
  answer: GroupAnswer,
  context: RequestContext,
): NonNullable<Response["topics"]> {
  const errorCode = answer.errorCode ?? errorCodes.NONE;
  return answer.topics.map(({ name, partitions }) => ({
    name: name ?? "",
    partitions: partitions.map((partition) =>
      context.apiVersion < 2 && errorCode !== errorCodes.NONE
        ? { ...partition, errorCode }
        : partition,
    ),
  }));
}

async function fetchGroup(asked: AskedGroup, context: RequestContext): Promise<GroupAnswer> {
  const { groupId, memberId, memberEpoch, requireStable } = asked;
  if (!may(context, "DESCRIBE", "GROUP", groupId)) {
    return { groupId, topics: [], errorCode: errorCodes.GROUP_AUTHORIZATION_FAILED };
  }
  const mayDescribe = eachMay(context, "DESCRIBE", "TOPIC");
  const topics =
    asked.topics?.map((topic) => {
      const resolved = resolve(topic, context);
      const isHidden = resolved.name !== "" && !mayDescribe(resolved.name);
      const error: ErrorName = isHidden ? "TOPIC_AUTHORIZATION_FAILED" : resolved.error;
      return { ...topic, ...resolved, error };
    }) ?? null;
  const known = topics?.filter(({ error }) => error === "NONE");
  const partitions = known?.flatMap(({ name, partitionIndexes }) =>
    partitionIndexes.map((partition) => ({ topic: name, partition })),
  );
  const reply = await context.services.groups.submit(groupId, {
    kind: "offset-fetch",
    groupId,
    memberId,
    memberEpoch,
    requireStable,
    partitions: partitions ?? null,
  });
  const errorCode = errorCodes[reply.error];
  if (reply.error !== "NONE" && context.apiVersion >= 2) return { groupId, topics: [], errorCode };
  if (topics === null) {
    const visible = reply.offsets.filter(({ topic }) =>
      mightDo(context, "DESCRIBE", "TOPIC", topic),
    );
    return { groupId, topics: allTopics(visible, context), errorCode };
  }
  const offsets = new Map(
    reply.offsets.map((offset) => [`${offset.topic}/${offset.partition}`, offset]),
  );
  return {
    groupId,
    errorCode,
    topics: topics.map(({ name, topicId, partitionIndexes, error }) => ({
      name,
      topicId,
      partitions: partitionIndexes.map((index) =>
        shape(offsets.get(`${name}/${index}`), index, error),
      ),
    })),
  };
}

/** The topic that is meant: by its name, or by its id from version 10 on. */
function resolve(
  topic: AskedTopic,
  { apiVersion, image }: RequestContext,
): { readonly name: string; readonly error: ErrorName } {
  if (apiVersion < 10) return { name: topic.name, error: "NONE" };
  const name = image.topics.byId.get(topic.topicId)?.name;
  return name === undefined ? { name: "", error: "UNKNOWN_TOPIC_ID" } : { name, error: "NONE" };
}

/**
 * All offsets, gathered by topic; from version 10 on those of topics that are gone are left out.
 */
function allTopics(
  offsets: readonly FetchedOffset[],
  context: RequestContext,
): GroupAnswer["topics"] {
  const topics = new Map<string, FetchedOffset[]>();
  for (const offset of offsets) {
    const known = topics.get(offset.topic);
    if (known === undefined) topics.set(offset.topic, [offset]);
    else known.push(offset);
  }
  return [...topics].flatMap(([name, partitions]) => {
    const topicId = context.image.topics.byName.get(name)?.id;
    if (topicId === undefined && context.apiVersion >= 10) return [];
    return [
      {
        name,
        topicId: topicId ?? ZERO_UUID,
        partitions: partitions.map((offset) => shape(offset, offset.partition, "NONE")),
      },
    ];
  });
}

function shape(
  offset: FetchedOffset | undefined,
  partitionIndex: number,
  error: ErrorName,
): GroupAnswer["topics"][number]["partitions"][number] {
  return {
    partitionIndex,
    committedOffset: offset?.offset ?? -1,
    committedLeaderEpoch: offset?.leaderEpoch ?? -1,
    metadata: offset?.metadata ?? "",
    errorCode: errorCodes[offset?.error ?? error],
  };
}
