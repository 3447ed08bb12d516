import {
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
  WriteTxnMarkers,
} from "@millrace/protocol";

import { CLUSTER_RESOURCE } from "../security/acl/acl-names.ts";
import { mayCluster, mightDo } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * WriteTxnMarkers (key 27), versions 1-2: ends transactions in partitions: sent by coordinators,
 * and by an administrator who aborts one that nobody ends. Answers per partition.
 * - v2: the transaction.version, which says how epochs are checked.
 */
export const writeTxnMarkers: Handler<typeof WriteTxnMarkers> = {
  api: WriteTxnMarkers,
  versions: "1-2",
  handle,
};

type Request = RequestOf<typeof WriteTxnMarkers>;
type Response = ResponseInput<typeof WriteTxnMarkers>;
type Marker = Request["markers"][number];

async function handle(request: Request, context: RequestContext): Promise<Response> {
  // Kafka's own tool ends a hanging transaction by this, with ALTER.
  const isAllowed =
    mightDo(context, "ALTER", "CLUSTER", CLUSTER_RESOURCE) || mayCluster(context, "CLUSTER_ACTION");
  if (!isAllowed) return { markers: request.markers.map(forbidden) };
  // What brokers ask of each other is never held up.
  context.quota?.exempt();
  const markers = request.markers.map((marker) => writeOne(marker, context));
  return { markers: await Promise.all(markers) };
}

function forbidden({ producerId, topics }: Marker): Response["markers"][number] {
  return {
    producerId,
    topics: topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => ({
        partitionIndex,
        errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED,
      })),
    })),
  };
}

async function writeOne(
  marker: Marker,
  context: RequestContext,
): Promise<Response["markers"][number]> {
  const { producerId, producerEpoch, transactionResult, coordinatorEpoch } = marker;
  const partitions = new Map(
    marker.topics.map(({ name, partitionIndexes }) => [name, new Set(partitionIndexes)]),
  );
  const results = await context.services.transactionMarkers.write(
    {
      producerId,
      producerEpoch,
      isCommit: transactionResult,
      coordinatorEpoch,
      transactionVersion: marker.transactionVersion,
    },
    partitions,
  );
  const errors = new Map<string, ErrorName>();
  for (const { topic, partition, error } of results) errors.set(`${topic}/${partition}`, error);
  return {
    producerId,
    topics: marker.topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => ({
        partitionIndex,
        errorCode: errorCodes[errors.get(`${name}/${partitionIndex}`) ?? "UNKNOWN_SERVER_ERROR"],
      })),
    })),
  };
}
