import { TransactionLogKey, TransactionLogValue } from "@millrace/protocol";
import {
  decodeKey,
  decodeValue,
  type EncodedRecord,
  encodeKey,
  encodeValue,
  recordType,
} from "../runtime/index.ts";
import {
  NO_PARTITIONS,
  NO_PRODUCER_EPOCH,
  type PartitionsByTopic,
  statusCodes,
  type Transaction,
  type TransactionStatus,
} from "./transaction.ts";

/**
 * The version that Apache Kafka 4.3 writes with transaction.version 1 and above (KIP-915), and
 * below.
 */
const FLEXIBLE_VERSION = 1;
const PLAIN_VERSION = 0;

/** A record of `__transaction_state`: a transactional id's state, or its end. */
export interface TransactionRecord {
  readonly transactionalId: string;
  readonly value: Transaction | null;
  /** Written in the form that carries the fields of KIP-890. */
  readonly isFlexible: boolean;
}

/** The bytes of a record, as Apache Kafka 4.3 writes them. */
export function encodeTransactionRecord(record: TransactionRecord): EncodedRecord {
  const { transactionalId, value } = record;
  const key = encodeKey(TransactionLogKey, { transactionalId });
  if (value === null) return { key, value: null };
  const version = record.isFlexible ? FLEXIBLE_VERSION : PLAIN_VERSION;
  const fields = {
    producerId: value.producerId,
    previousProducerId: record.isFlexible ? value.previousProducerId : -1n,
    nextProducerId: record.isFlexible ? value.nextProducerId : -1n,
    producerEpoch: value.producerEpoch,
    transactionTimeoutMs: value.timeoutMs,
    transactionStatus: statusCodes[value.status],
    // An empty transaction has no partitions, and says so with null.
    transactionPartitions: value.status === "empty" ? null : partitionList(value.partitions),
    transactionLastUpdateTimestampMs: value.lastUpdateMs,
    transactionStartTimestampMs: value.startMs,
    clientTransactionVersion: record.isFlexible ? value.clientTransactionVersion : 0,
  };
  return { key, value: encodeValue(TransactionLogValue, version, fields) };
}

/** Reads a record; undefined for one of a kind or with a state that is not known here. */
export function decodeTransactionRecord(record: EncodedRecord): TransactionRecord | undefined {
  if (recordType(record.key) !== TransactionLogKey.apiKey) return undefined;
  const { transactionalId } = decodeKey(TransactionLogKey, record.key);
  const stored = decodeValue(TransactionLogValue, record.value);
  if (stored === null) return { transactionalId, value: null, isFlexible: true };
  const status = statusOf(stored.transactionStatus);
  if (status === undefined) return undefined;
  const value: Transaction = {
    transactionalId,
    producerId: stored.producerId,
    previousProducerId: stored.previousProducerId,
    nextProducerId: stored.nextProducerId,
    producerEpoch: stored.producerEpoch,
    lastProducerEpoch: NO_PRODUCER_EPOCH,
    timeoutMs: stored.transactionTimeoutMs,
    status,
    partitions: partitionsByTopic(stored.transactionPartitions),
    startMs: stored.transactionStartTimestampMs,
    lastUpdateMs: stored.transactionLastUpdateTimestampMs,
    clientTransactionVersion: stored.clientTransactionVersion,
  };
  return { transactionalId, value, isFlexible: true };
}

function statusOf(code: number): TransactionStatus | undefined {
  for (const status of Object.keys(statusCodes)) {
    if (isStatus(status) && statusCodes[status] === code) return status;
  }
  return undefined;
}

function isStatus(text: string): text is TransactionStatus {
  return text in statusCodes;
}

function partitionList(partitions: PartitionsByTopic) {
  return [...partitions].map(([topic, indexes]) => ({ topic, partitionIds: [...indexes] }));
}

function partitionsByTopic(
  list: readonly { readonly topic: string; readonly partitionIds: readonly number[] }[] | null,
): PartitionsByTopic {
  if (list === null) return NO_PARTITIONS;
  return new Map(list.map(({ topic, partitionIds }) => [topic, new Set(partitionIds)]));
}
