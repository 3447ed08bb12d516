import {
  DescribeQuorum,
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
  ZERO_UUID,
} from "@millrace/protocol";

import { mayCluster } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * DescribeQuorum (key 55), versions 0-2: who keeps the cluster's metadata, and how far they are.
 * - The one voter is this node, which leads. - v1: when a replica was seen last.
 * - v2: where controllers listen.
 */
export const describeQuorum: Handler<typeof DescribeQuorum> = {
  api: DescribeQuorum,
  versions: "0-2",
  handle,
};

type Request = RequestOf<typeof DescribeQuorum>;
type Response = ResponseInput<typeof DescribeQuorum>;
type Partition = Response["topics"][number]["partitions"][number];

const metadataTopic = "__cluster_metadata";

function handle(request: Request, context: RequestContext): Response {
  const tellsMore = context.apiVersion >= 2;
  if (!mayCluster(context, "DESCRIBE")) {
    const errorCode = errorCodes.CLUSTER_AUTHORIZATION_FAILED;
    const errorMessage = "Cluster authorization failed.";
    return { errorCode, errorMessage, topics: [], nodes: tellsMore ? [] : undefined };
  }
  const [topic, ...others] = request.topics;
  const isMetadata =
    others.length === 0 &&
    topic?.topicName === metadataTopic &&
    topic.partitions.length === 1 &&
    topic.partitions[0]?.partitionIndex === 0;
  const topics = request.topics.map(({ topicName, partitions }) => ({
    topicName,
    partitions: partitions.map(({ partitionIndex }) =>
      isMetadata ? quorum(context) : unknown(partitionIndex, "UNKNOWN_TOPIC_OR_PARTITION"),
    ),
  }));
  const nodes = isMetadata ? controllers(context) : [];
  const errorCode = errorCodes.NONE;
  return { errorCode, errorMessage: null, topics, nodes: tellsMore ? nodes : undefined };
}

function quorum({ image, services, apiVersion }: RequestContext): Partition {
  const { lastContainedOffset, lastContainedEpoch } = image.provenance;
  const { brokerId, clock } = services;
  const nowMs = clock.nowMs();
  const voter = {
    replicaId: brokerId,
    // Voters by configuration have no directory in their name (KIP-853).
    replicaDirectoryId: apiVersion >= 2 ? ZERO_UUID : undefined,
    logEndOffset: lastContainedOffset + 1,
    lastFetchTimestamp: nowMs,
    lastCaughtUpTimestamp: nowMs,
  };
  return {
    partitionIndex: 0,
    errorCode: errorCodes.NONE,
    errorMessage: null,
    leaderId: brokerId,
    leaderEpoch: lastContainedEpoch,
    highWatermark: lastContainedOffset + 1,
    currentVoters: [voter],
    observers: [],
  };
}

function controllers({ image, services }: RequestContext): NonNullable<Response["nodes"]> {
  const listeners = image.controllers.get(services.brokerId)?.endpoints ?? [];
  const endpoints = listeners.map(({ name, host, port }) => ({ name, host, port }));
  return [{ nodeId: services.brokerId, listeners: endpoints }];
}

function unknown(partitionIndex: number, error: ErrorName): Partition {
  return {
    partitionIndex,
    errorCode: errorCodes[error],
    errorMessage: null,
    leaderId: -1,
    leaderEpoch: -1,
    highWatermark: -1,
    currentVoters: [],
    observers: [],
  };
}
