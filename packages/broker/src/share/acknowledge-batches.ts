import { acknowledgeTypes } from "@millrace/coordinators";
import type { ErrorName } from "@millrace/protocol";

import { eachMay } from "../api/access.ts";
import type { RequestContext } from "../api/request-context.ts";
import { type SharedPartition, sharedPartitionKey, type ShareSession } from "./share-sessions.ts";

/** Acknowledgements as ShareFetch and ShareAcknowledge carry them. */
export interface AcknowledgedTopic {
  readonly topicId: SharedPartition["topicId"];
  readonly partitions: readonly {
    readonly partitionIndex: number;
    readonly acknowledgementBatches: readonly {
      readonly firstOffset: number;
      readonly lastOffset: number;
      readonly acknowledgeTypes: readonly number[];
    }[];
  }[];
}

type AcknowledgementBatches = AcknowledgedTopic["partitions"][number]["acknowledgementBatches"];

/** What became of a partition's acknowledgements. */
export interface AcknowledgedPartition {
  readonly asked: SharedPartition;
  readonly error: ErrorName;
  readonly message: string | undefined;
}

/** How a request may acknowledge. */
export interface AcknowledgeRules {
  /** The request says that it renews locks (version 2, KIP-1222). */
  readonly isRenewAck: boolean;
}

/** Takes a member's acknowledgements, each partition's for itself; resolves when they are kept. */
export async function acknowledgePartitions(
  session: ShareSession,
  topics: readonly AcknowledgedTopic[],
  rules: AcknowledgeRules,
  context: RequestContext,
): Promise<readonly AcknowledgedPartition[]> {
  const manager = context.services.sharePartitions;
  const seen = new Set<string>();
  const mayRead = eachMay(context, "READ", "TOPIC");
  const asked = topics.flatMap(({ topicId, partitions }) =>
    partitions.map(({ partitionIndex, acknowledgementBatches }) => ({
      asked: { topicId, partition: partitionIndex },
      batches: acknowledgementBatches,
    })),
  );
  const results = asked.map(async ({ asked: partition, batches }) => {
    const topic = context.image.topics.byId.get(partition.topicId);
    const error = errorOf(partition, { batches, rules, seen, mayRead }, context);
    if (error !== undefined) return { asked: partition, error, message: undefined };
    if (topic !== undefined) manager.metrics.requested("acknowledgements", topic.name);
    const kept = await manager.acknowledge(session, partition, batches);
    if (topic !== undefined && kept.error !== "NONE") {
      manager.metrics.failed("failedAcknowledgements", topic.name);
    }
    return { asked: partition, ...kept };
  });
  return Promise.all(results);
}

/** What a partition's acknowledgements are judged by. */
interface Claim {
  readonly batches: AcknowledgementBatches;
  readonly rules: AcknowledgeRules;
  /** The partitions that the request named before. */
  readonly seen: Set<string>;
  readonly mayRead: (topic: string) => boolean;
}

function errorOf(
  partition: SharedPartition,
  { batches, rules, seen, mayRead }: Claim,
  context: RequestContext,
): ErrorName | undefined {
  const topic = context.image.topics.byId.get(partition.topicId);
  if (topic === undefined) return "UNKNOWN_TOPIC_ID";
  const key = sharedPartitionKey(partition);
  if (seen.has(key) || !areValid(batches, rules, context)) return "INVALID_REQUEST";
  seen.add(key);
  if (!mayRead(topic.name)) return "TOPIC_AUTHORIZATION_FAILED";
  if (topic.partitions[partition.partition] === undefined) return "UNKNOWN_TOPIC_OR_PARTITION";
  return batches.length === 0 ? "NONE" : undefined;
}

/** Whether batches are in order, apart, and have types that this version knows. */
function areValid(
  batches: AcknowledgementBatches,
  rules: AcknowledgeRules,
  context: RequestContext,
): boolean {
  const typeMax = context.apiVersion >= 2 ? acknowledgeTypes.renew : acknowledgeTypes.reject;
  let previousLast = -1;
  return batches.every(({ firstOffset, lastOffset, acknowledgeTypes: types }) => {
    const isApart = firstOffset <= lastOffset && firstOffset >= previousLast;
    previousLast = lastOffset;
    const hasTypes = types.length === 1 || types.length === lastOffset - firstOffset + 1;
    if (!isApart || types.length === 0 || !hasTypes) return false;
    return types.every((type) => {
      if (type < 0 || type > typeMax) return false;
      return type !== acknowledgeTypes.renew || rules.isRenewAck;
    });
  });
}
