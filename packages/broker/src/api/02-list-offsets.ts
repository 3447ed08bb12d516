import {
  errorCodes,
  type ErrorName,
  ListOffsets,
  type RequestOf,
  type ResponseInput,
} from "@millrace/protocol";
import { type ReadIsolation, timestampSpecials } from "@millrace/storage";

import { checkLeader } from "../fetch/read-partitions.ts";
import { eachMay } from "./access.ts";
import type { Handler } from "./handler.ts";
import { answerEachPartition } from "./per-partition.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * ListOffsets (key 2), versions 1-11: offsets of times and of places in a partition.
 * - Timestamp -1 is the end as the isolation level sees it, -2 the log start, and from the versions
 *   below on -3 the record with the largest timestamp, -4 the start of what is held locally, -5 and
 *   -6 places in tiered storage, which is not there: -1.
 * - v2: read_committed. v4: leader epochs. v7: -3. v8: -4. v9: -5. v10: a time-out. v11: -6.
 * - A partition named twice is refused, once: INVALID_REQUEST.
 */
export const listOffsets: Handler<typeof ListOffsets> = {
  api: ListOffsets,
  versions: "1-11",
  handle,
};

type Request = RequestOf<typeof ListOffsets>;
type PartitionRequest = Request["topics"][number]["partitions"][number];
type PartitionAnswer = ResponseInput<typeof ListOffsets>["topics"][number]["partitions"][number];

/** The version from which on each special timestamp may be asked for. */
const versionOfSpecial: ReadonlyMap<number, number> = new Map([
  [timestampSpecials.latest, 1],
  [timestampSpecials.earliest, 1],
  [timestampSpecials.maxTimestamp, 7],
  [timestampSpecials.earliestLocal, 8],
  [timestampSpecials.latestTiered, 9],
  [timestampSpecials.earliestPendingUpload, 11],
]);

async function handle(
  request: Request,
  context: RequestContext,
): Promise<ResponseInput<typeof ListOffsets>> {
  const repeated = repeatedPartitions(request);
  const isolation = isolationOf(request);
  const mayDescribe = eachMay(context, "DESCRIBE", "TOPIC");
  const topics = await answerEachPartition(withoutRepetitions(request), (topic, partition) => {
    if (!mayDescribe(topic)) return refuse(partition, "TOPIC_AUTHORIZATION_FAILED");
    return repeated.has(`${topic}:${partition.partitionIndex}`)
      ? refuse(partition, "INVALID_REQUEST")
      : listOne({ topic, partition, isolation }, context);
  });
  return { throttleTimeMs: 0, topics };
}

function isolationOf(request: Request): ReadIsolation {
  // A replica or a debugging consumer sees everything.
  if (request.replicaId !== -1) return "end";
  return request.isolationLevel === 1 ? "lastStable" : "highWatermark";
}

function withoutRepetitions(request: Request): Request["topics"] {
  return request.topics.map(({ name, partitions }) => {
    const seen = new Set<number>();
    const isFirst = ({ partitionIndex }: PartitionRequest): boolean => {
      const isNew = !seen.has(partitionIndex);
      seen.add(partitionIndex);
      return isNew;
    };
    return { name, partitions: partitions.filter(isFirst) };
  });
}

function repeatedPartitions(request: Request): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const topic of request.topics) {
    for (const { partitionIndex } of topic.partitions) {
      const key = `${topic.name}:${partitionIndex}`;
      if (seen.has(key)) repeated.add(key);
      seen.add(key);
    }
  }
  return repeated;
}

interface Asked {
  readonly topic: string;
  readonly partition: PartitionRequest;
  readonly isolation: ReadIsolation;
}

async function listOne(asked: Asked, context: RequestContext): Promise<PartitionAnswer> {
  const { partition: request, topic, isolation } = asked;
  const { timestamp } = request;
  if (timestamp < 0 && (versionOfSpecial.get(timestamp) ?? Infinity) > context.apiVersion) {
    return refuse(request, "UNSUPPORTED_VERSION");
  }
  const target = context.services.replicas.leader(context.image, topic, request.partitionIndex);
  if (typeof target === "string") return refuse(request, target);
  const error = checkLeader(target, request.currentLeaderEpoch);
  if (error !== undefined) return refuse(request, error);
  const found = await target.log.offsetForTimestamp(timestamp, isolation);
  return {
    partitionIndex: request.partitionIndex,
    errorCode: errorCodes.NONE,
    timestamp: found.timestampMs,
    offset: found.offset,
    leaderEpoch: context.apiVersion >= 4 ? found.leaderEpoch : undefined,
  };
}

function refuse(request: PartitionRequest, error: ErrorName): PartitionAnswer {
  return { partitionIndex: request.partitionIndex, errorCode: errorCodes[error] };
}
