import {
  errorCodes,
  ListPartitionReassignments,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { mayCluster } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * ListPartitionReassignments (key 46), version 0: the moves of partitions that are under way.
 * - null means every topic; one that is not there, or does not move, is left out.
 * - A node that is alone begins none: only a folder that a cluster left may have some.
 */
export const listPartitionReassignments: Handler<typeof ListPartitionReassignments> = {
  api: ListPartitionReassignments,
  versions: "0",
  handle,
};

type Request = RequestOf<typeof ListPartitionReassignments>;
type Response = ResponseInput<typeof ListPartitionReassignments>;

function handle(request: Request, context: RequestContext): Response {
  if (!mayCluster(context, "DESCRIBE")) {
    const errorCode = errorCodes.CLUSTER_AUTHORIZATION_FAILED;
    const errorMessage = "Cluster authorization failed.";
    return { throttleTimeMs: 0, errorCode, errorMessage, topics: [] };
  }
  const { byName } = context.image.topics;
  const asked =
    request.topics ??
    [...byName.values()].map(({ name, partitions }) => ({
      name,
      partitionIndexes: [...partitions.keys()],
    }));
  const topics = asked.flatMap(({ name, partitionIndexes }) => {
    const partitions = partitionIndexes.flatMap((partitionIndex) => {
      const partition = byName.get(name)?.partitions[partitionIndex];
      if (partition === undefined) return [];
      const { replicas, addingReplicas, removingReplicas } = partition;
      const isMoving = addingReplicas.length > 0 || removingReplicas.length > 0;
      return isMoving ? [{ partitionIndex, replicas, addingReplicas, removingReplicas }] : [];
    });
    return partitions.length > 0 ? [{ name, partitions }] : [];
  });
  return { throttleTimeMs: 0, errorCode: errorCodes.NONE, errorMessage: null, topics };
}
