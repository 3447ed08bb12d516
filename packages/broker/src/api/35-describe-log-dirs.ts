import {
  DescribeLogDirs,
  errorCodes,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";
import type { LogDirectory, PartitionLog } from "@millrace/storage";

import { mayCluster } from "./access.ts";
import { type Handler, longAnswerMemory } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * DescribeLogDirs (key 35), versions 1-5: the log directories and the sizes of what lies in them.
 * - v3: an error of the whole. v4: bytes of the volume, all and free. v5: whether it is cordoned.
 */
export const describeLogDirs: Handler<typeof DescribeLogDirs> = {
  api: DescribeLogDirs,
  versions: "1-5",
  memory: longAnswerMemory,
  handle,
};

type Request = RequestOf<typeof DescribeLogDirs>;
type Response = ResponseInput<typeof DescribeLogDirs>;
type DirectoryAnswer = Response["results"][number];
type PartitionAnswer = NonNullable<DirectoryAnswer["topics"]>[number]["partitions"][number];

function handle(request: Request, context: RequestContext): Response {
  if (!mayCluster(context, "DESCRIBE")) {
    return { throttleTimeMs: 0, errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED, results: [] };
  }
  const { logs } = context.services;
  const byDirectory = new Map<LogDirectory, PartitionLog[]>();
  for (const directory of logs.directories) byDirectory.set(directory, []);
  for (const { log } of context.services.replicas.partitions()) {
    const future = logs.futureLog({ topic: log.topic, partition: log.partition });
    for (const each of future === undefined ? [log] : [log, future]) {
      if (isAsked(request, each)) byDirectory.get(logs.directoryOf(each))?.push(each);
    }
  }
  const results = [...byDirectory].map(([directory, own]) => shape(directory, own, context));
  return { throttleTimeMs: 0, errorCode: errorCodes.NONE, results };
}

function isAsked(request: Request, log: PartitionLog): boolean {
  if (request.topics === null) return true;
  return request.topics.some(
    ({ topic, partitions }) => topic === log.topic && partitions.includes(log.partition),
  );
}

function shape(
  directory: LogDirectory,
  own: readonly PartitionLog[],
  context: RequestContext,
): DirectoryAnswer {
  if (directory.isOffline) {
    return { errorCode: errorCodes.KAFKA_STORAGE_ERROR, logDir: directory.path, topics: [] };
  }
  const byTopic = Map.groupBy(own, (log) => log.topic);
  const broker = context.image.brokers.get(context.services.brokerId);
  return {
    errorCode: errorCodes.NONE,
    logDir: directory.path,
    topics: [...byTopic].map(([name, logs]) => ({
      name,
      partitions: logs.map((log) => shapeLog(log, context)),
    })),
    totalBytes: directory.totalBytes(),
    usableBytes: directory.usableBytes(),
    isCordoned: broker?.cordonedLogDirs?.some((id) => id === directory.directoryId) ?? false,
  };
}

function shapeLog(log: PartitionLog, context: RequestContext): PartitionAnswer {
  const current = context.services.replicas.partition(log.topic, log.partition)?.log ?? log;
  const offsetLag = log.isFuture
    ? current.logEndOffset - log.logEndOffset
    : Math.max(log.highWatermark - log.logEndOffset, 0);
  return {
    partitionIndex: log.partition,
    partitionSize: log.sizeBytes,
    offsetLag,
    isFutureKey: log.isFuture,
  };
}
