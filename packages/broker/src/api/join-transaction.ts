import { batchHeader, type ErrorName, type Produce, type RequestOf } from "@millrace/protocol";

import { may } from "./access.ts";
import type { RequestContext } from "./request-context.ts";

type Request = RequestOf<typeof Produce>;
type PartitionData = Request["topicData"][number]["partitionData"][number];

/** What a transactional batch may be appended with: a guard, or the error to answer. */
export type TransactionVerdict = { readonly guard: number } | { readonly error: ErrorName };

/** Verdicts by `topic/partition`; a batch that is not in it needs none. */
export type TransactionVerdicts = ReadonlyMap<string, TransactionVerdict>;

/** Nothing in the request is part of a transaction, or all of it already is. */
export const noVerdicts: TransactionVerdicts = new Map();

/** From this version on a producer leaves it to Produce to add partitions (KIP-890). */
const ADDS_PARTITIONS_VERSION = 12;
/** From this version on a producer understands TRANSACTION_ABORTABLE. */
const ABORTABLE_VERSION = 11;

interface Unverified {
  readonly topic: string;
  readonly partition: number;
  readonly guard: number;
}

interface Producer {
  readonly transactionalId: string;
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/**
 * Sees to it that the transactional batches of a request belong to a transaction that is open: the
 * first one for a partition is added to it (Produce 12 and later) or must have been added before.
 * So that a delayed batch of a former transaction never lands in a later one.
 * @param mayAppend whether the request may write to a topic; the others are left to be refused.
 * @returns undefined when there is nothing to ask the transaction coordinator.
 */
export function joinTransaction(
  request: Request,
  context: RequestContext,
  mayAppend: (topic: string) => boolean,
): TransactionVerdicts | Promise<TransactionVerdicts> | undefined {
  // Nearly every request: nothing of it is allocated for then.
  if (!request.topicData.some(hasTransactional)) return undefined;
  let producer: Producer | undefined;
  const unverified: Unverified[] = [];
  for (const topic of request.topicData) {
    const name = nameOf(topic, context);
    // What is joined is given a marker in the end, so that joining is writing.
    if (name === undefined || !hasTransactional(topic) || !mayAppend(name)) continue;
    for (const data of topic.partitionData) {
      if (!isTransactional(data.records)) continue;
      producer ??= producerOf(request.transactionalId ?? "", data.records);
      const guard = startVerification({ topic: name, data, producer }, context);
      if (guard > 0) unverified.push({ topic: name, partition: data.index, guard });
    }
  }
  if (producer === undefined || unverified.length === 0) return undefined;
  return ask(producer, unverified, context);
}

/**
 * Whether a request may write the transactional batches that it has, if any. CVE-2018-17196: what a
 * batch claims, the request must have said and been allowed; else all of it is refused.
 */
export function mayWriteTransaction(request: Request, context: RequestContext): boolean {
  if (!request.topicData.some(hasTransactional)) return true;
  return mayWriteAs(request.transactionalId, context);
}

function hasTransactional(topic: Request["topicData"][number]): boolean {
  return topic.partitionData.some(({ records }) => isTransactional(records));
}

/** The guard of a new verification; 0 when the log knows that the transaction is open. */
function startVerification(
  target: { readonly topic: string; readonly data: PartitionData; readonly producer: Producer },
  context: RequestContext,
): number {
  const { topic, data, producer } = target;
  const addsPartitions = context.apiVersion >= ADDS_PARTITIONS_VERSION;
  const { config, replicas } = context.services;
  if (!addsPartitions && !config().transactionPartitionVerificationEnable) return 0;
  const partition = replicas.leader(context.image, topic, data.index);
  if (typeof partition === "string" || data.records === null) return 0;
  return partition.log.startTransactionVerification({
    producerId: producer.producerId,
    producerEpoch: producer.producerEpoch,
    baseSequence: batchHeader.baseSequence(data.records, 0),
  });
}

async function ask(
  producer: Producer,
  unverified: readonly Unverified[],
  context: RequestContext,
): Promise<TransactionVerdicts> {
  const { transactions } = context.services;
  const { transactionalId } = producer;
  const partitions = new Map<string, Set<number>>();
  for (const { topic, partition } of unverified) {
    const indexes = partitions.get(topic) ?? new Set<number>();
    partitions.set(topic, indexes.add(partition));
  }
  const addsPartitions = context.apiVersion >= ADDS_PARTITIONS_VERSION;
  const reply = addsPartitions
    ? await transactions.submit(transactionalId, {
        ...producer,
        kind: "add-partitions",
        partitions,
        clientTransactionVersion: transactions.transactionVersion,
      })
    : await transactions.submit(transactionalId, {
        ...producer,
        kind: "verify-partitions",
        partitions,
      });
  const missing = "missing" in reply ? reply.missing : undefined;
  return new Map(
    unverified.map(({ topic, partition, guard }): [string, TransactionVerdict] => {
      const isMissing = missing?.get(topic)?.has(partition) === true;
      const error = isMissing ? "TRANSACTION_ABORTABLE" : reply.error;
      const verdict = error === "NONE" ? { guard } : { error: producerError(error, context) };
      return [keyOf(topic, partition), verdict];
    }),
  );
}

/** What a producer of the request's version understands, and recovers from. */
function producerError(error: ErrorName, { apiVersion }: RequestContext): ErrorName {
  switch (error) {
    case "PRODUCER_FENCED":
      return "INVALID_PRODUCER_EPOCH";
    case "TRANSACTION_ABORTABLE":
      return apiVersion >= ABORTABLE_VERSION ? error : "INVALID_TXN_STATE";
    case "CONCURRENT_TRANSACTIONS":
      return apiVersion >= ADDS_PARTITIONS_VERSION ? error : "NOT_ENOUGH_REPLICAS";
    case "COORDINATOR_LOAD_IN_PROGRESS":
    case "COORDINATOR_NOT_AVAILABLE":
    case "NOT_COORDINATOR":
      return "NOT_ENOUGH_REPLICAS";
    default:
      return error;
  }
}

/** Whether a request may write in the name of its transactional id. */
function mayWriteAs(transactionalId: string | null, context: RequestContext): boolean {
  return transactionalId !== null && may(context, "WRITE", "TRANSACTIONAL_ID", transactionalId);
}

function isTransactional(records: Buffer | null): records is Buffer {
  return (
    records !== null &&
    records.length >= batchHeader.HEADER_SIZE_BYTES &&
    batchHeader.magic(records, 0) === batchHeader.CURRENT_MAGIC &&
    batchHeader.isTransactional(records, 0)
  );
}

function producerOf(transactionalId: string, records: Buffer): Producer {
  return {
    transactionalId,
    producerId: batchHeader.producerId(records, 0),
    producerEpoch: batchHeader.producerEpoch(records, 0),
  };
}

function nameOf(
  topic: Request["topicData"][number],
  { apiVersion, image }: RequestContext,
): string | undefined {
  return apiVersion >= 13 ? image.topics.byId.get(topic.topicId)?.name : topic.name;
}

/** How verdicts are looked up. */
export function keyOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}

/** A copy of a request's records, which otherwise are the connection's memory. */
export function withOwnRecords(request: Request): Request {
  return {
    ...request,
    topicData: request.topicData.map((topic) => ({
      ...topic,
      partitionData: topic.partitionData.map((data) => ({
        ...data,
        records: data.records === null ? null : Buffer.from(data.records),
      })),
    })),
  };
}
