import {
  errorCodes,
  type ErrorName,
  FindCoordinator,
  isUuid,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import {
  ensureInternalTopic,
  type InternalTopic,
  internalTopics,
} from "../coordination/internal-topics.ts";
import { partitionForKey } from "../coordination/java-hash.ts";
import { nodeOf } from "./cluster-view.ts";
import { may, mayCluster } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * FindCoordinator (key 10), versions 0-6: the broker that coordinates a group, a transactional id
 * or a share group's partition.
 * - v0 knows groups alone. v4: many keys in one request, an answer for each. v6: share groups.
 * - The internal topic behind a coordinator is made when it is first asked for.
 */
export const findCoordinator: Handler<typeof FindCoordinator> = {
  api: FindCoordinator,
  versions: "0-6",
  handle,
};

type Response = ResponseInput<typeof FindCoordinator>;
type Coordinator = NonNullable<Response["coordinators"]>[number];

/** What a key names, by its number on the wire. */
const topicsByKeyType: readonly (InternalTopic | undefined)[] = [
  internalTopics.consumerOffsets,
  internalTopics.transactionState,
  internalTopics.shareGroupState,
];

/** The first version that knows share partitions. */
const shareVersion = 6;

async function handle(
  request: RequestOf<typeof FindCoordinator>,
  context: RequestContext,
): Promise<Response> {
  if (context.apiVersion >= 4) {
    const keys = request.coordinatorKeys;
    const coordinators = await Promise.all(keys.map((key) => find(key, request.keyType, context)));
    return { throttleTimeMs: 0, coordinators };
  }
  const found = await find(request.key, request.keyType, context);
  // Clients of these versions are told NONE in words as well.
  const errorMessage = found.errorCode === errorCodes.NONE ? "NONE" : found.errorMessage;
  return { throttleTimeMs: 0, ...found, errorMessage };
}

async function find(key: string, keyType: number, context: RequestContext): Promise<Coordinator> {
  const topic = topicsByKeyType[keyType];
  if (topic === undefined) return refuse(key, "INVALID_REQUEST");
  if (topic === internalTopics.shareGroupState) {
    const isKnown = context.apiVersion >= shareVersion && isSharePartitionName(key);
    if (!isKnown) return refuse(key, "INVALID_REQUEST");
  }
  const forbidden = refusalOf(key, keyType, context);
  if (forbidden !== undefined) return refuse(key, forbidden);
  const error = await ensureInternalTopic(topic, context.services);
  if (error !== "NONE") return refuse(key, "COORDINATOR_NOT_AVAILABLE");
  // The topic may be younger than the image that this request began with.
  const image = context.services.image();
  const partitions = image.topics.byName.get(topic)?.partitions ?? [];
  const leader = partitions[partitionForKey(key, partitions.length)]?.leader ?? -1;
  const broker = image.brokers.get(leader);
  const node = broker === undefined ? undefined : nodeOf(broker, context.client.listenerName);
  if (node === undefined) return refuse(key, "COORDINATOR_NOT_AVAILABLE");
  const { nodeId, host, port } = node;
  return { key, nodeId, host, port, errorCode: errorCodes.NONE, errorMessage: "" };
}

/** Why the requester may not know of a coordinator; undefined when it may. */
function refusalOf(key: string, keyType: number, context: RequestContext): ErrorName | undefined {
  switch (keyType) {
    case 0:
      return may(context, "DESCRIBE", "GROUP", key) ? undefined : "GROUP_AUTHORIZATION_FAILED";
    case 1:
      return may(context, "DESCRIBE", "TRANSACTIONAL_ID", key)
        ? undefined
        : "TRANSACTIONAL_ID_AUTHORIZATION_FAILED";
    default:
      return mayCluster(context, "CLUSTER_ACTION") ? undefined : "CLUSTER_AUTHORIZATION_FAILED";
  }
}

/** Whether a key is groupId:topicId:partition, as share partitions are named. */
function isSharePartitionName(key: string): boolean {
  const [, topicId] = /^.+:([\w-]{22}):\d{1,10}$/s.exec(key) ?? [];
  return topicId !== undefined && isUuid(topicId);
}

const errorMessages: Partial<Record<ErrorName, string>> = {
  INVALID_REQUEST: "This kind of coordinator is not known.",
  COORDINATOR_NOT_AVAILABLE: "The coordinator is not available.",
};

function refuse(key: string, error: ErrorName): Coordinator {
  const errorMessage = errorMessages[error] ?? null;
  return { key, nodeId: -1, host: "", port: -1, errorCode: errorCodes[error], errorMessage };
}
