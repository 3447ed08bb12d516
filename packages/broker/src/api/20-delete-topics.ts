import type { TopicImage } from "@millrace/metadata";
import {
  DeleteTopics,
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
  type Uuid,
  ZERO_UUID,
} from "@millrace/protocol";

import { duplicates } from "./duplicates.ts";
import { CLUSTER_RESOURCE } from "../security/acl/acl-names.ts";
import { eachMay, mightDo } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * DeleteTopics (key 20), versions 1-6: removes topics with all their records.
 * - v5: what a quota does not allow is refused (KIP-599); before, the client waits afterwards.
 * - v6: by name or by id, never both. A topic named twice is refused: INVALID_REQUEST.
 * - `delete.topic.enable=false` refuses all: TOPIC_DELETION_DISABLED, before v3 INVALID_REQUEST.
 */
export const deleteTopics: Handler<typeof DeleteTopics> = {
  api: DeleteTopics,
  versions: "1-6",
  handle,
};

type Request = RequestOf<typeof DeleteTopics>;
type Response = ResponseInput<typeof DeleteTopics>;
type TopicAnswer = Response["responses"][number];

interface Asked {
  readonly name: string | null;
  readonly topicId: Uuid;
}

/** What was asked for: a topic, or why there is none to delete. */
interface Found {
  readonly asked: Asked;
  readonly topic: TopicImage | undefined;
  readonly error: ErrorName;
  readonly message: string | null;
}

async function handle(request: Request, context: RequestContext): Promise<Response> {
  const asked =
    context.apiVersion >= 6
      ? request.topics
      : request.topicNames.map((name) => ({ name, topicId: ZERO_UUID }));
  if (!context.services.config().deleteTopicEnable) {
    const error = context.apiVersion < 3 ? "INVALID_REQUEST" : "TOPIC_DELETION_DISABLED";
    const responses = asked.map((topic) =>
      shape({ asked: topic, topic: undefined, error, message: null }),
    );
    return { throttleTimeMs: 0, responses };
  }
  const found = withPermission(findAll(asked, context), context);
  const ids = found.flatMap(({ topic }) => (topic === undefined ? [] : [topic.id]));
  const outcome = await context.services.controller.deleteTopics(
    ids,
    context.quota?.partitionCharge(context.apiVersion >= 5),
  );
  if (outcome.kind === "refused") {
    const { error, message } = outcome;
    const responses = found.map((one) => shape({ ...one, error, message }));
    return { throttleTimeMs: 0, responses };
  }
  const results = new Map(outcome.value.map((result) => [result.topicId, result]));
  const responses = found.map((one) => {
    const result = one.topic === undefined ? undefined : results.get(one.topic.id);
    if (result === undefined) return shape(one);
    return shape({ ...one, error: result.error, message: result.errorMessage });
  });
  return { throttleTimeMs: 0, responses };
}

/** Who may not describe a topic is not told of it, who may not delete it deletes nothing. */
function withPermission(all: readonly Found[], context: RequestContext): readonly Found[] {
  if (mightDo(context, "DELETE", "CLUSTER", CLUSTER_RESOURCE)) return all;
  const mayDescribe = eachMay(context, "DESCRIBE", "TOPIC");
  const mayDelete = eachMay(context, "DELETE", "TOPIC");
  return all.map((found) => {
    const name = found.topic?.name ?? found.asked.name;
    if (found.error === "INVALID_REQUEST" || name === null) return found;
    const isVisible = mayDescribe(name);
    if (isVisible && (found.topic === undefined || mayDelete(name))) return found;
    const error = "TOPIC_AUTHORIZATION_FAILED";
    const known = isVisible ? { name, topicId: found.topic?.id ?? ZERO_UUID } : found.asked;
    return { asked: known, topic: undefined, error, message: "Topic authorization failed." };
  });
}

function findAll(asked: readonly Asked[], context: RequestContext): readonly Found[] {
  const found = asked.map((one) => find(one, context));
  const repeatedNames = duplicates(asked.flatMap(({ name }) => (name === null ? [] : [name])));
  const repeatedIds = duplicates(
    found.flatMap(({ topic }) => (topic === undefined ? [] : [topic.id])),
  );
  const seen = new Set<string>();
  return found.flatMap((one): readonly Found[] => {
    const isRepeated =
      repeatedNames.has(one.asked.name ?? "") ||
      (one.topic !== undefined && repeatedIds.has(one.topic.id));
    if (!isRepeated) return [one];
    const key = one.topic?.id ?? one.asked.name ?? "";
    if (seen.has(key)) return [];
    seen.add(key);
    const message = one.asked.name === null ? "Duplicate topic id." : "Duplicate topic name.";
    return [{ ...one, topic: undefined, error: "INVALID_REQUEST", message }];
  });
}

function find(asked: Asked, context: RequestContext): Found {
  const { byId, byName } = context.image.topics;
  const { name, topicId } = asked;
  const refuse = (error: ErrorName, message: string | null): Found => ({
    asked,
    topic: undefined,
    error,
    message,
  });
  if (name === null) {
    if (topicId === ZERO_UUID) {
      return refuse("INVALID_REQUEST", "Neither topic name nor id were specified.");
    }
    const topic = byId.get(topicId);
    if (topic === undefined)
      return refuse("UNKNOWN_TOPIC_ID", "This server does not host this topic ID.");
    return { asked, topic, error: "NONE", message: null };
  }
  if (topicId !== ZERO_UUID) {
    return refuse("INVALID_REQUEST", "You may not specify both topic name and topic id.");
  }
  const topic = byName.get(name);
  if (topic !== undefined) return { asked, topic, error: "NONE", message: null };
  return refuse("UNKNOWN_TOPIC_OR_PARTITION", "This server does not host this topic-partition.");
}

function shape(found: Found): TopicAnswer {
  const id = found.topic?.id ?? found.asked.topicId;
  return {
    name: found.topic?.name ?? found.asked.name,
    topicId: id,
    errorCode: errorCodes[found.error],
    errorMessage: found.message,
  };
}
