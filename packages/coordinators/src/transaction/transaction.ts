/**
 * Where a transactional id stands. Legal transitions:
 *
 * empty → ongoing (a partition is added), → prepare-abort (aborted with nothing in it)
 * ongoing → prepare-commit, → prepare-abort (also when it is fenced or its time is up)
 * prepare-commit → complete-commit, prepare-abort → complete-abort (every marker is written)
 * complete-commit, complete-abort → ongoing, → empty (InitProducerId), → prepare-abort
 */
export type TransactionStatus = keyof typeof statusCodes;

/** The numbers of the states in the log. Do not change them: they are on disk. */
export const statusCodes = {
  empty: 0,
  ongoing: 1,
  "prepare-commit": 2,
  "prepare-abort": 3,
  "complete-commit": 4,
  "complete-abort": 5,
} as const;

/** The states as Kafka spells them. */
export const statusNames = {
  empty: "Empty",
  ongoing: "Ongoing",
  "prepare-commit": "PrepareCommit",
  "prepare-abort": "PrepareAbort",
  "complete-commit": "CompleteCommit",
  "complete-abort": "CompleteAbort",
} as const satisfies Record<TransactionStatus, string>;

/** Every state. */
export const transactionStatuses: readonly TransactionStatus[] = [
  "empty",
  "ongoing",
  "prepare-commit",
  "prepare-abort",
  "complete-commit",
  "complete-abort",
];

/** Every state as Kafka spells it. */
export const transactionStateNames: readonly string[] = Object.values(statusNames);

/** Partitions by topic. */
export type PartitionsByTopic = ReadonlyMap<string, ReadonlySet<number>>;

/** What is known of a transactional id. Never changed: a decision makes a new one. */
export interface Transaction {
  readonly transactionalId: string;
  readonly producerId: bigint;
  /** The id before this state, which tells a repeated request from a zombie's. */
  readonly previousProducerId: bigint;
  /** The id from the end of the transaction on, when the epochs of this one are used up. */
  readonly nextProducerId: bigint;
  readonly producerEpoch: number;
  /** The epoch before the last bump; -1 when it is not known. */
  readonly lastProducerEpoch: number;
  readonly timeoutMs: number;
  readonly status: TransactionStatus;
  readonly partitions: PartitionsByTopic;
  /** When it became ongoing; -1 while it has not. */
  readonly startMs: number;
  readonly lastUpdateMs: number;
  /** The transaction.version that the client works by: 2 bumps the epoch at every end (KIP-890). */
  readonly clientTransactionVersion: number;
}

/** Stands for a producer id where there is none. */
export const NO_PRODUCER_ID = -1n;
/** Stands for a producer epoch where there is none. */
export const NO_PRODUCER_EPOCH = -1;
/** The epochs of a producer id end here: 32767 is left for fencing. */
const LAST_EPOCH = 0x7fff - 1;
/** The first transaction.version whose epoch is bumped at every end. */
const EPOCH_BUMP_VERSION = 2;

/** No partitions. */
export const NO_PARTITIONS: PartitionsByTopic = new Map();

/** Whether a producer id has no epoch left to give. */
export function isEpochExhausted(producerEpoch: number): boolean {
  return producerEpoch >= LAST_EPOCH;
}

/** Whether its end is decided and its markers are still being written. */
export function isEnding({ status }: Pick<Transaction, "status">): boolean {
  return status === "prepare-commit" || status === "prepare-abort";
}

/** Whether a transaction of this version ends with a bump of the epoch. */
export function bumpsEpochs(transactionVersion: number): boolean {
  return transactionVersion >= EPOCH_BUMP_VERSION;
}

/** The next state of a transactional id. */
export function transit(from: Transaction, values: Partial<Transaction>): Transaction {
  return { ...from, previousProducerId: from.producerId, ...values };
}

/** Goes on to commit or abort. The epoch is bumped by clients of transaction.version 2. */
export function prepareEnd(
  from: Transaction,
  end: {
    readonly status: "prepare-commit" | "prepare-abort";
    readonly clientTransactionVersion: number;
    readonly nextProducerId: bigint;
    readonly nowMs: number;
  },
): Transaction {
  const bumps = bumpsEpochs(end.clientTransactionVersion);
  return transit(from, {
    status: end.status,
    producerEpoch: bumps ? from.producerEpoch + 1 : from.producerEpoch,
    lastProducerEpoch: bumps ? from.producerEpoch : from.lastProducerEpoch,
    nextProducerId: end.nextProducerId,
    clientTransactionVersion: end.clientTransactionVersion,
    // An end without partitions has no start, but the log wants one.
    startMs: from.status === "ongoing" ? from.startMs : end.nowMs,
    lastUpdateMs: end.nowMs,
  });
}

/**
 * Aborts an ongoing transaction over its producer's head: the epoch is bumped whatever the version,
 * so that the producer is fenced.
 */
export function prepareFencingAbort(
  from: Transaction,
  options: { readonly transactionVersion: number; readonly nowMs: number },
): Transaction {
  const { transactionVersion, nowMs } = options;
  const aborting = prepareEnd(from, {
    status: "prepare-abort",
    clientTransactionVersion: transactionVersion,
    nextProducerId: NO_PRODUCER_ID,
    nowMs,
  });
  if (bumpsEpochs(transactionVersion)) return aborting;
  return {
    ...aborting,
    producerEpoch: from.producerEpoch + 1,
    lastProducerEpoch: NO_PRODUCER_EPOCH,
  };
}

/** Every marker is written: the transaction is over. */
export function completeEnd(from: Transaction, nowMs: number): Transaction {
  const rotates =
    bumpsEpochs(from.clientTransactionVersion) && from.nextProducerId !== NO_PRODUCER_ID;
  return transit(from, {
    status: from.status === "prepare-commit" ? "complete-commit" : "complete-abort",
    producerId: rotates ? from.nextProducerId : from.producerId,
    producerEpoch: rotates ? 0 : from.producerEpoch,
    nextProducerId: NO_PRODUCER_ID,
    partitions: NO_PARTITIONS,
    lastUpdateMs: nowMs,
  });
}

/** Whether all of some partitions are in a transaction. */
export function containsAll(partitions: PartitionsByTopic, others: PartitionsByTopic): boolean {
  for (const [topic, indexes] of others) {
    const known = partitions.get(topic);
    for (const index of indexes) if (known?.has(index) !== true) return false;
  }
  return true;
}

/** The partitions of both. */
export function union(left: PartitionsByTopic, right: PartitionsByTopic): PartitionsByTopic {
  const all = new Map(left);
  for (const [topic, indexes] of right) {
    all.set(topic, new Set([...(all.get(topic) ?? []), ...indexes]));
  }
  return all;
}
