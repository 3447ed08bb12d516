import type { StreamsHeartbeatReply, StreamsStatus } from "@millrace/coordinators";
import {
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
  StreamsGroupHeartbeat,
} from "@millrace/protocol";

import { clientIdentity } from "./client-identity.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";
import { isInternalTopic, isValidTopicName } from "./topic-names.ts";

/**
 * StreamsGroupHeartbeat (key 88), version 0: joins, stays in and leaves a streams group, and tells
 * the member which tasks to run (KIP-1071).
 * - Internal topics that the group lacks are made meanwhile; the answer does not wait for them.
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
  const fault = topicFault(request);
  if (fault !== undefined) return refused("STREAMS_INVALID_TOPOLOGY", fault);
  const reply = await groups.submit(request.groupId, {
    ...request,
    kind: "streams-heartbeat",
    ...clientIdentity(context),
  });
  if (reply.error !== "NONE") return refused(reply.error, reply.message);
  const { topicsToCreate, heartbeatIntervalMs } = reply;
  streamsTopics.create(topicsToCreate, heartbeatIntervalMs * HEARTBEATS_UNTIL_RETRY);
  return shape(reply, context);
}

/** Names that no topic of a topology may have. */
function topicFault({ topology }: Request): string | undefined {
  const names = (topology?.subtopologies ?? []).flatMap((subtopology) => [
    ...subtopology.sourceTopics,
    ...subtopology.repartitionSinkTopics,
    ...subtopology.repartitionSourceTopics.map(({ name }) => name),
    ...subtopology.stateChangelogTopics.map(({ name }) => name),
  ]);
  const internal = [...new Set(names)].filter(isInternalTopic);
  if (internal.length > 0) {
    return `Use of Kafka internal topics ${internal.join(",")} in a Kafka Streams topology is prohibited.`;
  }
  const invalid = [...new Set(names)].filter((name) => !isValidTopicName(name));
  if (invalid.length === 0) return undefined;
  return `Topic names ${invalid.join(",")} are not valid topic names.`;
}

function shape(reply: StreamsHeartbeatReply, context: RequestContext): Response {
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
      statusDetail: detailOf(status, reply, context),
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

/** Tells with missing topics why they could not be made the last time. */
function detailOf(
  { code, detail }: StreamsStatus,
  { topicsToCreate }: StreamsHeartbeatReply,
  { services }: RequestContext,
): string {
  if (code !== "MISSING_INTERNAL_TOPICS") return detail;
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
    status: null,
    endpointInformationEpoch: 0,
  };
}
