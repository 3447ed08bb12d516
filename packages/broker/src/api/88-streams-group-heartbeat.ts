import type { StreamsHeartbeatReply, StreamsStatus } from "@millrace/coordinators";
import {
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
  StreamsGroupHeartbeat,
} from "@millrace/protocol";

import { CLUSTER_RESOURCE } from "../security/acl/acl-names.ts";
import { may, mightDo } from "./access.ts";
import { clientIdentity } from "./client-identity.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";
import { isInternalTopic, isValidTopicName } from "./topic-names.ts";

/**
 * StreamsGroupHeartbeat (key 88), version 0: joins, stays in and leaves a streams group, and tells
 * the member which tasks to run (KIP-1071).
 * - Internal topics that the group lacks are made meanwhile; the answer does not wait for them.
 * - Whoever may not make a topic that is missing is told so, and none is made.
 * - UNSUPPORTED_VERSION where streams.version or the configuration does not allow such groups.
 */
export const streamsGroupHeartbeat: Handler<typeof StreamsGroupHeartbeat> = {
  api: StreamsGroupHeartbeat,
  versions: "0",
  handle,
};

type Request = RequestOf<typeof StreamsGroupHeartbeat>;
type Response = ResponseInput<typeof StreamsGroupHeartbeat>;

/** The statuses by their number on the wire. */
const statusCodes: Readonly<Record<StreamsStatus["code"], number>> = {
  STALE_TOPOLOGY: 0,
  MISSING_SOURCE_TOPICS: 1,
  INCORRECTLY_PARTITIONED_TOPICS: 2,
  MISSING_INTERNAL_TOPICS: 3,
  SHUTDOWN_APPLICATION: 4,
  ASSIGNMENT_DELAYED: 5,
};

/** Most refused topics that a status names. */
const REFUSALS_SHOWN = 3;
/** A refused topic is tried again after so many heartbeats. */
const HEARTBEATS_UNTIL_RETRY = 2;

async function handle(request: Request, context: RequestContext): Promise<Response> {
  const { groups, streamsTopics } = context.services;
  if (!groups.servesStreamsGroups) return refused("UNSUPPORTED_VERSION", null);
  if (!may(context, "READ", "GROUP", request.groupId)) {
    return refused("GROUP_AUTHORIZATION_FAILED", null);
  }
  const topics = topicNames(request);
  const fault = topicFault(topics);
  if (fault !== undefined) return refused("STREAMS_INVALID_TOPOLOGY", fault);
  if (!topics.every((topic) => may(context, "DESCRIBE", "TOPIC", topic))) {
    return refused("TOPIC_AUTHORIZATION_FAILED", null);
  }
  const reply = await groups.submit(request.groupId, {
    ...request,
    kind: "streams-heartbeat",
    ...clientIdentity(context),
  });
  if (reply.error !== "NONE") return refused(reply.error, reply.message);
  const { topicsToCreate, heartbeatIntervalMs } = reply;
  const forbidden = topicsNotToCreate(topicsToCreate, context);
  if (forbidden.length === 0) {
    streamsTopics.create(topicsToCreate, {
      retryMs: heartbeatIntervalMs * HEARTBEATS_UNTIL_RETRY,
      chargePartitions: context.quota?.partitionCharge(true),
    });
  }
  return shape(reply, { context, forbidden });
}

/** The topics of a topology, each once. */
function topicNames({ topology }: Request): readonly string[] {
  const names = (topology?.subtopologies ?? []).flatMap((subtopology) => [
    ...subtopology.sourceTopics,
    ...subtopology.repartitionSinkTopics,
    ...subtopology.repartitionSourceTopics.map(({ name }) => name),
    ...subtopology.stateChangelogTopics.map(({ name }) => name),
  ]);
  return [...new Set(names)];
}

/** What is wrong with the names of a topology's topics. */
function topicFault(names: readonly string[]): string | undefined {
  const internal = names.filter(isInternalTopic);
  if (internal.length > 0) {
    return `Use of Kafka internal topics ${internal.join(",")} in a Kafka Streams topology is prohibited.`;
  }
  const invalid = names.filter((name) => !isValidTopicName(name));
  if (invalid.length === 0) return undefined;
  return `Topic names ${invalid.join(",")} are not valid topic names.`;
}

/** The missing topics that the requester may not make. */
function topicsNotToCreate(
  topics: StreamsHeartbeatReply["topicsToCreate"],
  context: RequestContext,
): readonly string[] {
  if (topics.length === 0) return [];
  if (mightDo(context, "CREATE", "CLUSTER", CLUSTER_RESOURCE)) return [];
  return topics.map(({ name }) => name).filter((name) => !may(context, "CREATE", "TOPIC", name));
}

/** What the answer's words depend on besides the reply. */
interface Surroundings {
  readonly context: RequestContext;
  /** The missing topics that the requester may not make. */
  readonly forbidden: readonly string[];
}

function shape(reply: StreamsHeartbeatReply, surroundings: Surroundings): Response {
  const { tasks, partitionsByUserEndpoint } = reply;
  const named = ({ topic, partitions }: { topic: string; partitions: readonly number[] }) => {
    return { topic, partitions: [...partitions] };
  };
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    memberId: reply.memberId,
    memberEpoch: reply.memberEpoch,
    heartbeatIntervalMs: reply.heartbeatIntervalMs,
    acceptableRecoveryLag: 0,
    taskOffsetIntervalMs: 0,
    status: (reply.statuses ?? []).map((status) => ({
      statusCode: statusCodes[status.code],
      statusDetail: detailOf(status, reply, surroundings),
    })),
    activeTasks: tasks && taskIds(tasks.activeTasks),
    standbyTasks: tasks && taskIds(tasks.standbyTasks),
    warmupTasks: tasks && taskIds(tasks.warmupTasks),
    endpointInformationEpoch: reply.endpointInformationEpoch,
    partitionsByUserEndpoint:
      partitionsByUserEndpoint &&
      partitionsByUserEndpoint.map(({ userEndpoint, activePartitions, standbyPartitions }) => ({
        userEndpoint: { ...userEndpoint },
        activePartitions: activePartitions.map(named),
        standbyPartitions: standbyPartitions.map(named),
      })),
  };
}

function taskIds(tasks: NonNullable<StreamsHeartbeatReply["tasks"]>["activeTasks"]) {
  return tasks.map(({ subtopologyId, partitions }) => {
    return { subtopologyId, partitions: [...partitions] };
  });
}

/** Tells with missing topics why they are not made. */
function detailOf(
  { code, detail }: StreamsStatus,
  { topicsToCreate }: StreamsHeartbeatReply,
  { context: { services }, forbidden }: Surroundings,
): string {
  if (code !== "MISSING_INTERNAL_TOPICS") return detail;
  if (forbidden.length > 0) {
    return `${detail}; Unauthorized to CREATE on topics ${forbidden.join(", ")}.`;
  }
  const refusals = topicsToCreate.flatMap(({ name }) => {
    const refusal = services.streamsTopics.refusalOf(name);
    return refusal === undefined ? [] : [`${name} (${refusal})`];
  });
  if (refusals.length === 0) return detail;
  const more = refusals.length - REFUSALS_SHOWN;
  const shown = refusals.slice(0, REFUSALS_SHOWN).join(", ");
  return `${detail}; Creation failed: ${shown}${more > 0 ? ` and ${more} more` : ""}.`;
}

function refused(error: ErrorName, errorMessage: string | null): Response {
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes[error],
    errorMessage,
    memberId: "",
    memberEpoch: 0,
    heartbeatIntervalMs: 0,
    acceptableRecoveryLag: 0,
    taskOffsetIntervalMs: 0,
    status: [],
    endpointInformationEpoch: 0,
  };
}
