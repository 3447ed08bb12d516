import type { PartitionImage } from "@millrace/metadata";
import {
  AlterPartitionReassignments,
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { mayCluster } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * AlterPartitionReassignments (key 45), versions 0-1: moves partitions to other brokers, or cancels
 * that (null). v1: whether the number of replicas may change. Answers per partition.
 * - A node that is alone has nowhere to move a partition to: the replicas that it has are granted
 *   at once, all others are refused, and there is nothing to cancel.
 */
export const alterPartitionReassignments: Handler<typeof AlterPartitionReassignments> = {
  api: AlterPartitionReassignments,
  versions: "0-1",
  handle,
};

type Request = RequestOf<typeof AlterPartitionReassignments>;
type Response = ResponseInput<typeof AlterPartitionReassignments>;

interface Fault {
  readonly error: ErrorName;
  readonly message: string | null;
}

const granted: Fault = { error: "NONE", message: null };

function handle(request: Request, context: RequestContext): Response {
  if (!mayCluster(context, "ALTER")) {
    const error = "CLUSTER_AUTHORIZATION_FAILED";
    const message = "Cluster authorization failed.";
    return shape(request, { error, message }, () => ({ error, message }));
  }
  return shape(request, granted, (topic, { partitionIndex, replicas }) => {
    const partition = context.image.topics.byName.get(topic)?.partitions[partitionIndex];
    if (partition === undefined) {
      const message = `Unable to find a partition ${topic}:${partitionIndex}.`;
      return { error: "UNKNOWN_TOPIC_OR_PARTITION", message };
    }
    return reassign(partition, replicas, context);
  });
}

function reassign(
  partition: PartitionImage,
  replicas: readonly number[] | null,
  { image }: RequestContext,
): Fault {
  if (replicas === null) {
    return {
      error: "NO_REASSIGNMENT_IN_PROGRESS",
      message: "No partition reassignment is in progress.",
    };
  }
  if (replicas.length === 0) return invalid("includes an empty replica list");
  const stranger = replicas.find((id) => !image.brokers.has(id));
  if (stranger !== undefined) {
    return invalid(`includes broker ${stranger}, but no such broker is registered`);
  }
  const twice = replicas.find((id, index) => replicas.indexOf(id) !== index);
  if (twice !== undefined) return invalid(`includes the broker ${twice} more than once`);
  const isSame =
    replicas.length === partition.replicas.length &&
    replicas.every((id, index) => partition.replicas[index] === id);
  return isSame ? granted : invalid("moves replicas between brokers, and this node is alone");
}

function invalid(what: string): Fault {
  const message = `The manual partition assignment ${what}.`;
  return { error: "INVALID_REPLICA_ASSIGNMENT", message };
}

function shape(
  request: Request,
  whole: Fault,
  faultOf: (topic: string, partition: Request["topics"][number]["partitions"][number]) => Fault,
): Response {
  return {
    throttleTimeMs: 0,
    allowReplicationFactorChange: request.allowReplicationFactorChange,
    errorCode: errorCodes[whole.error],
    errorMessage: whole.message,
    responses: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((partition) => {
        const { error, message } = faultOf(name, partition);
        const { partitionIndex } = partition;
        return { partitionIndex, errorCode: errorCodes[error], errorMessage: message };
      }),
    })),
  };
}
