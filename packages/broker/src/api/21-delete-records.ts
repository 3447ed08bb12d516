import {
  DeleteRecords,
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";

import { eachMay } from "./access.ts";
import type { Handler } from "./handler.ts";
import { answerEachPartition } from "./per-partition.ts";
import type { RequestContext } from "./request-context.ts";
import { isInternalTopic } from "./topic-names.ts";

/**
 * DeleteRecords (key 21), versions 0-2: moves a partition's log start offset forward.
 * - Offset -1 means the high watermark.           - Answers per partition; one refusal does not
 *   stop the others.
 * - v1: the throttle is applied after the answer. - v2: flexible.
 */
export const deleteRecords: Handler<typeof DeleteRecords> = {
  api: DeleteRecords,
  versions: "0-2",
  handle,
};

type Request = RequestOf<typeof DeleteRecords>;
type Response = ResponseInput<typeof DeleteRecords>;
type PartitionRequest = Request["topics"][number]["partitions"][number];
type PartitionAnswer = Response["topics"][number]["partitions"][number];

/** Stands for the high watermark in a request. */
const toHighWatermark = -1;

async function handle(request: Request, context: RequestContext): Promise<Response> {
  const mayDelete = eachMay(context, "DELETE", "TOPIC");
  const topics = await answerEachPartition(lastWords(request.topics), (topic, partition) =>
    mayDelete(topic) ? deleteOne(topic, partition, context) : forbidden(partition),
  );
  return { throttleTimeMs: 0, topics };
}

/** Of a partition that is named twice the last word counts and is answered, as in Kafka. */
function lastWords(topics: Request["topics"]): Request["topics"] {
  const byTopic = new Map<string, Map<number, PartitionRequest>>();
  for (const { name, partitions } of topics) {
    const byIndex = byTopic.get(name) ?? new Map<number, PartitionRequest>();
    for (const partition of partitions) byIndex.set(partition.partitionIndex, partition);
    byTopic.set(name, byIndex);
  }
  return [...byTopic].map(([name, byIndex]) => ({ name, partitions: [...byIndex.values()] }));
}

function forbidden({ partitionIndex }: PartitionRequest): PartitionAnswer {
  return {
    partitionIndex,
    lowWatermark: -1,
    errorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED,
  };
}

function deleteOne(
  topic: string,
  request: PartitionRequest,
  context: RequestContext,
): PartitionAnswer {
  const { partitionIndex, offset } = request;
  const refuse = (error: ErrorName): PartitionAnswer => ({
    partitionIndex,
    lowWatermark: -1,
    errorCode: errorCodes[error],
  });
  const partition = context.services.replicas.leader(context.image, topic, partitionIndex);
  if (typeof partition === "string") return refuse(partition);
  if (isInternalTopic(topic)) return refuse("INVALID_TOPIC_EXCEPTION");
  const { log } = partition;
  // A topic that is only compacted promises that the last record of each key stays.
  const { cleanupPolicy } = log.config;
  if (cleanupPolicy.includes("compact") && !cleanupPolicy.includes("delete")) {
    return refuse("POLICY_VIOLATION");
  }
  const target = offset === toHighWatermark ? log.highWatermark : offset;
  if (target < 0 || target > log.highWatermark) return refuse("OFFSET_OUT_OF_RANGE");
  log.truncatePrefix(target);
  return { partitionIndex, lowWatermark: log.logStartOffset, errorCode: errorCodes.NONE };
}
