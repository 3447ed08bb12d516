import type { TopicImage } from "@millrace/metadata";
import {
  errorCodes,
  type ErrorName,
  Metadata,
  type RequestOf,
  type ResponseInput,
  ZERO_UUID,
} from "@millrace/protocol";

import { eachMay, may, mightDo } from "./access.ts";
import {
  authorizedClusterOperations,
  authorizedOperations,
  operationsNotAsked,
} from "./authorized-operations.ts";
import { CLUSTER_RESOURCE } from "../security/acl/acl-names.ts";
import { liveNodes, viewPartition } from "./cluster-view.ts";
import { type Handler, longAnswerMemory } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";
import { isInternalTopic, isValidTopicName } from "./topic-names.ts";

/**
 * Metadata (key 3), versions 0-13: brokers, topics, partitions and their leaders.
 * - v0: no topics asked is all of them; v1: null is all, an empty list none.
 * - v4: the client says whether a topic may be created by being asked for; before, it may.
 * - v8-10: authorized operations of the cluster; v8: of topics. - v10: topic ids are told.
 * - v12: a topic may be asked for by its id. - v13: an error of the whole answer.
 * A topic that is created by being asked for is answered UNKNOWN_TOPIC_OR_PARTITION once, as Apache
 * Kafka does; the client asks again.
 */
export const metadata: Handler<typeof Metadata> = {
  api: Metadata,
  versions: "0-13",
  memory: longAnswerMemory,
  handle,
};

type Request = RequestOf<typeof Metadata>;
type Response = ResponseInput<typeof Metadata>;
type TopicAnswer = NonNullable<Response["topics"]>[number];
type AskedTopic = NonNullable<Request["topics"]>[number];

async function handle(request: Request, context: RequestContext): Promise<Response> {
  const refusal = checkTopics(request, context);
  if (refusal !== undefined) return { brokers: [], clusterId: null, topics: refusal };
  const isAll =
    request.topics === null || (context.apiVersion === 0 && request.topics.length === 0);
  if (isAll) {
    // What may not be described is left out: its existence is nobody's business.
    const topics = [...context.image.topics.byName.values()].filter(({ name }) =>
      mightDo(context, "DESCRIBE", "TOPIC", name),
    );
    return answer(
      request,
      context,
      topics.map((topic) => known(topic, request, context)),
    );
  }
  const missing: string[] = [];
  const mayDescribe = eachMay(context, "DESCRIBE", "TOPIC");
  const isCreating = mayCreate(request, context);
  const topics = distinct(request.topics ?? []).map((asked) => {
    const found = find(asked, context);
    const name = typeof found === "string" ? asked.name : found.name;
    if (name !== null && !mayDescribe(name)) return forbidden(asked);
    if (found === "UNKNOWN_TOPIC_OR_PARTITION" && isCreating && !mayCreateTopic(name, context)) {
      return forbidden(asked);
    }
    if (typeof found !== "string") return known(found, request, context);
    if (found === "UNKNOWN_TOPIC_OR_PARTITION" && asked.name !== null) missing.push(asked.name);
    return { ...unknown(asked, found), ...topicOperations(asked.name, request, context) };
  });
  if (missing.length > 0 && isCreating) await createMissing(missing, context);
  return answer(request, context, topics);
}

/** v10 and v11 have a field for the id that no server may look at (KAFKA-12701). */
function checkTopics(request: Request, context: RequestContext): TopicAnswer[] | undefined {
  const asked = request.topics ?? [];
  const isInvalid = asked.some(
    (topic) =>
      (topic.name === null && topic.topicId === ZERO_UUID) ||
      (context.apiVersion < 12 && (topic.name === null || topic.topicId !== ZERO_UUID)),
  );
  if (!isInvalid) return undefined;
  return asked.map((topic) => unknown({ ...topic, name: topic.name ?? "" }, "INVALID_REQUEST"));
}

/** Each topic once; who asks for any by its id is told of those alone, as Apache Kafka does. */
function distinct(asked: readonly AskedTopic[]): readonly AskedTopic[] {
  const seen = new Set<string>();
  const byId = asked.filter((topic) => topic.topicId !== ZERO_UUID);
  return (byId.length > 0 ? byId : asked).filter((topic) => {
    const key = topic.topicId === ZERO_UUID ? `name ${topic.name}` : `id ${topic.topicId}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function find(asked: AskedTopic, context: RequestContext): TopicImage | ErrorName {
  const { byId, byName } = context.image.topics;
  if (asked.topicId !== ZERO_UUID) return byId.get(asked.topicId) ?? "UNKNOWN_TOPIC_ID";
  const name = asked.name ?? "";
  const topic = byName.get(name);
  if (topic !== undefined) return topic;
  return isValidTopicName(name) ? "UNKNOWN_TOPIC_OR_PARTITION" : "INVALID_TOPIC_EXCEPTION";
}

function mayCreate(request: Request, context: RequestContext): boolean {
  return request.allowAutoTopicCreation && context.services.config().autoCreateTopicsEnable;
}

async function createMissing(names: readonly string[], context: RequestContext): Promise<void> {
  const creatable = names.filter((name) => !isInternalTopic(name));
  if (creatable.length === 0) return;
  await context.services.controller.createTopics({
    topics: creatable.map((name) => ({
      name,
      numPartitions: -1,
      replicationFactor: -1,
      assignments: [],
      configs: [],
    })),
    validateOnly: false,
    chargePartitions: context.quota?.partitionCharge(true),
  });
}

function known(topic: TopicImage, request: Request, context: RequestContext): TopicAnswer {
  const { image, client } = context;
  return {
    errorCode: errorCodes.NONE,
    name: topic.name,
    topicId: topic.id,
    isInternal: isInternalTopic(topic.name),
    partitions: topic.partitions.map((partition, index) =>
      viewPartition(image, client.listenerName, { ...partition, index }),
    ),
    ...topicOperations(topic.name, request, context),
  };
}

/** What may be done to a topic, whether it exists or not, for who may describe it. */
function topicOperations(
  name: string | null,
  request: Request,
  context: RequestContext,
): Pick<TopicAnswer, "topicAuthorizedOperations"> {
  const isAsked = request.includeTopicAuthorizedOperations && name !== null;
  return {
    topicAuthorizedOperations: isAsked
      ? authorizedOperations(context, "TOPIC", name)
      : operationsNotAsked,
  };
}

/** Who may not describe a topic is not told whether it exists. */
function forbidden(asked: AskedTopic): TopicAnswer {
  const byId = asked.topicId !== ZERO_UUID;
  return {
    errorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED,
    name: byId ? null : asked.name,
    topicId: asked.topicId,
    isInternal: false,
    partitions: [],
  };
}

function mayCreateTopic(name: string | null, context: RequestContext): boolean {
  const { authorizer } = context.services;
  if (authorizer === undefined || name === null) return true;
  return (
    mightDo(context, "CREATE", "CLUSTER", CLUSTER_RESOURCE) || may(context, "CREATE", "TOPIC", name)
  );
}

function unknown(asked: AskedTopic, error: ErrorName): TopicAnswer {
  return {
    errorCode: errorCodes[error],
    name: asked.name,
    topicId: asked.topicId,
    isInternal: asked.name !== null && isInternalTopic(asked.name),
    partitions: [],
  };
}

function answer(
  request: Request,
  context: RequestContext,
  topics: readonly TopicAnswer[],
): Response {
  const { image, client, services } = context;
  const brokers = liveNodes(image, client.listenerName);
  return {
    brokers,
    clusterId: services.clusterId,
    // Any live broker may take a controller's request: it hands it on.
    controllerId: brokers[0]?.nodeId ?? -1,
    topics,
    clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
      ? authorizedClusterOperations(context)
      : operationsNotAsked,
  };
}
