import type { OffsetToCommit } from "@millrace/coordinators";
import {
  errorCodes,
  type ErrorName,
  type RequestOf,
  type ResponseInput,
  TxnOffsetCommit,
} from "@millrace/protocol";

import { internalTopics } from "../coordination/internal-topics.ts";
import { eachMay, may } from "./access.ts";
import type { Handler } from "./handler.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * TxnOffsetCommit (key 28), versions 0-5: offsets that count once their transaction commits.
 * - v2: leader epochs. v3: who commits, so that a zombie of the group is fenced (KIP-447).
 * - v5: the group's partition becomes part of the transaction by this request (KIP-890).
 * - Answers per partition; one refusal does not stop the others.
 */
export const txnOffsetCommit: Handler<typeof TxnOffsetCommit> = {
  api: TxnOffsetCommit,
  versions: "0-5",
  handle,
};

type Request = RequestOf<typeof TxnOffsetCommit>;
type Response = ResponseInput<typeof TxnOffsetCommit>;

async function handle(request: Request, context: RequestContext): Promise<Response> {
  if (!may(context, "WRITE", "TRANSACTIONAL_ID", request.transactionalId)) {
    return shape(request, () => "TRANSACTIONAL_ID_AUTHORIZATION_FAILED");
  }
  if (!may(context, "READ", "GROUP", request.groupId)) {
    return shape(request, () => "GROUP_AUTHORIZATION_FAILED");
  }
  const mayRead = eachMay(context, "READ", "TOPIC");
  const offsets = knownOffsets(request, context).filter(({ topic }) => mayRead(topic));
  const errors = new Map<string, ErrorName>();
  const shapeWith = (): Response =>
    shape(request, (topic, partition) => {
      if (!mayRead(topic)) return "TOPIC_AUTHORIZATION_FAILED";
      return errors.get(`${topic}/${partition}`) ?? "UNKNOWN_TOPIC_OR_PARTITION";
    });
  if (request.topics.length > 0 && offsets.length === 0) return shapeWith();
  const refusal = await joinTransaction(request, context);
  if (refusal !== "NONE") {
    for (const { topic, partition } of offsets) errors.set(`${topic}/${partition}`, refusal);
    return shapeWith();
  }
  const { groupId, producerId, producerEpoch } = request;
  const reply = await context.services.groups.submit(groupId, {
    kind: "offset-commit",
    groupId,
    generationIdOrMemberEpoch: request.generationId,
    memberId: request.memberId,
    groupInstanceId: request.groupInstanceId,
    retentionTimeMs: undefined,
    producer: { producerId, producerEpoch },
    knowsMemberEpochs: context.apiVersion >= 3,
    offsets,
  });
  for (const [index, { topic, partition }] of offsets.entries()) {
    const error = reply.error === "NONE" ? reply.errors[index] : reply.error;
    errors.set(`${topic}/${partition}`, error ?? "NONE");
  }
  return shapeWith();
}

/**
 * Adds the group's partition to the transaction (version 5), or asks whether a request before did
 * it: offsets must not become part of a transaction whose end does not reach them.
 */
async function joinTransaction(request: Request, context: RequestContext): Promise<ErrorName> {
  const { groups, transactions } = context.services;
  const { transactionalId, producerId, producerEpoch } = request;
  const partition = groups.shards.partitionOf(request.groupId);
  if (partition === undefined) return "COORDINATOR_NOT_AVAILABLE";
  const partitions = new Map([[internalTopics.consumerOffsets, new Set([partition])]]);
  const claim = { transactionalId, producerId, producerEpoch, partitions };
  if (context.apiVersion >= 5 && transactions.transactionVersion >= 2) {
    const added = await transactions.submit(transactionalId, {
      ...claim,
      kind: "add-partitions",
      clientTransactionVersion: 2,
    });
    return clientError(added.error);
  }
  if (!context.services.config().transactionPartitionVerificationEnable) return "NONE";
  const verified = await transactions.submit(transactionalId, {
    ...claim,
    kind: "verify-partitions",
  });
  return verified.missing.size > 0 ? "INVALID_TXN_STATE" : clientError(verified.error);
}

/** A fenced producer is told of its epoch, which it can recover from. */
function clientError(error: ErrorName): ErrorName {
  return error === "PRODUCER_FENCED" ? "INVALID_PRODUCER_EPOCH" : error;
}

function knownOffsets(request: Request, { image }: RequestContext): readonly OffsetToCommit[] {
  return request.topics.flatMap(({ name, partitions }) => {
    const topic = image.topics.byName.get(name);
    if (topic === undefined) return [];
    return partitions
      .filter(({ partitionIndex }) => topic.partitions[partitionIndex] !== undefined)
      .map((partition) => ({
        topic: name,
        topicId: topic.id,
        partition: partition.partitionIndex,
        offset: partition.committedOffset,
        leaderEpoch: partition.committedLeaderEpoch,
        metadata: partition.committedMetadata,
      }));
  });
}

function shape(
  request: Request,
  errorOf: (topic: string, partition: number) => ErrorName,
): Response {
  return {
    throttleTimeMs: 0,
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({
        partitionIndex,
        errorCode: errorCodes[errorOf(name, partitionIndex)],
      })),
    })),
  };
}
