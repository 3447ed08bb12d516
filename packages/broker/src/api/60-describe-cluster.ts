import {
  DescribeCluster,
  errorCodes,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { authorizedClusterOperations, operationsNotAsked } from "./authorized-operations.ts";
import { nodeOf } from "./cluster-view.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * DescribeCluster (key 60), versions 0-2: the cluster's id and its brokers.
 * - v1: whether brokers or controllers are asked for; a broker's listener tells of brokers only.
 * - v2: fenced brokers, if asked for.
 */
export const describeCluster: Handler<typeof DescribeCluster> = {
  api: DescribeCluster,
  versions: "0-2",
  handle,
};

type Response = ResponseInput<typeof DescribeCluster>;

const endpointTypes = { brokers: 1, controllers: 2 } as const;

function handle(request: RequestOf<typeof DescribeCluster>, context: RequestContext): Response {
  const { image, client, services } = context;
  if (request.endpointType === endpointTypes.controllers) {
    const message =
      "The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER";
    return refuse(errorCodes.MISMATCHED_ENDPOINT_TYPE, message);
  }
  if (request.endpointType !== endpointTypes.brokers) {
    const message = `Unsupported endpoint type ${request.endpointType}`;
    return refuse(errorCodes.UNSUPPORTED_ENDPOINT_TYPE, message);
  }
  const brokers = [...image.brokers.values()].flatMap((broker) => {
    const node = nodeOf(broker, client.listenerName);
    if (node === undefined || (broker.isFenced && !request.includeFencedBrokers)) return [];
    const { nodeId, host, port, rack } = node;
    return [{ brokerId: nodeId, host, port, rack, isFenced: broker.isFenced }];
  });
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    clusterId: services.clusterId,
    controllerId: brokers.find((broker) => !broker.isFenced)?.brokerId ?? -1,
    brokers,
    clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
      ? authorizedClusterOperations(context)
      : operationsNotAsked,
  };
}

function refuse(errorCode: number, errorMessage: string): Response {
  return { throttleTimeMs: 0, errorCode, errorMessage, clusterId: "", brokers: [] };
}
