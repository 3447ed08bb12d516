import {
  AlterReplicaLogDirs,
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { mayCluster } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * AlterReplicaLogDirs (key 34), versions 1-2: moves replicas to other log directories of this
 * broker. The answer says that the copying began; DescribeLogDirs shows how far it is.
 */
export const alterReplicaLogDirs: Handler<typeof AlterReplicaLogDirs> = {
  api: AlterReplicaLogDirs,
  versions: "1-2",
  handle,
};

type Request = RequestOf<typeof AlterReplicaLogDirs>;
type Response = ResponseInput<typeof AlterReplicaLogDirs>;
type PartitionAnswer = Response["results"][number]["partitions"][number];

function handle(request: Request, context: RequestContext): Response {
  const isAllowed = mayCluster(context, "ALTER");
  const byTopic = new Map<string, PartitionAnswer[]>();
  for (const { path, topics } of request.dirs) {
    for (const { name, partitions } of topics) {
      let answers = byTopic.get(name);
      if (answers === undefined) {
        answers = [];
        byTopic.set(name, answers);
      }
      for (const partitionIndex of partitions) {
        const error = isAllowed
          ? moveOne({ path, topic: name, partitionIndex }, context)
          : "CLUSTER_AUTHORIZATION_FAILED";
        answers.push({ partitionIndex, errorCode: errorCodes[error] });
      }
    }
  }
  const results = [...byTopic].map(([topicName, partitions]) => ({ topicName, partitions }));
  return { throttleTimeMs: 0, results };
}

function moveOne(
  target: { readonly path: string; readonly topic: string; readonly partitionIndex: number },
  context: RequestContext,
): ErrorName {
  const { logs, replicas, logMover } = context.services;
  const directory = logs.directories.find((candidate) => candidate.path === target.path);
  if (directory?.directoryId === undefined) return "LOG_DIR_NOT_FOUND";
  if (directory.isOffline) return "KAFKA_STORAGE_ERROR";
  const partition = replicas.partition(target.topic, target.partitionIndex);
  if (partition === undefined) return "REPLICA_NOT_AVAILABLE";
  if (partition.log.isOffline) return "KAFKA_STORAGE_ERROR";
  logMover.move(partition, directory.directoryId);
  return "NONE";
}
