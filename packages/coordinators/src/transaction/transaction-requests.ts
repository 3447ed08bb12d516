import type { ErrorName } from "@millrace/protocol";
import type { PartitionsByTopic } from "./transaction.ts";

/** A producer as it says it is. */
export interface ProducerClaim {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/** InitProducerId with a transactional id: who comes now fences who came before. */
export interface InitProducerIdInput {
  readonly kind: "init-producer-id";
  readonly transactionalId: string;
  readonly timeoutMs: number;
  /** What a producer that recovers has (KIP-360); undefined for a new one. */
  readonly expected: ProducerClaim | undefined;
  /** A producer id that nobody has, once the coordinator has asked for one. */
  readonly freshProducerId: bigint | undefined;
}

/** The answer to InitProducerId. */
export interface InitProducerIdReply extends ProducerClaim {
  readonly kind: "init-producer-id";
  /** "needs-producer-id": ask again with a fresh one. */
  readonly error: ErrorName | "needs-producer-id";
}

/**
 * AddPartitionsToTxn, AddOffsetsToTxn, and what Produce 12 does by itself: the transaction gets
 * partitions.
 */
export interface AddPartitionsInput extends ProducerClaim {
  readonly kind: "add-partitions";
  readonly transactionalId: string;
  readonly partitions: PartitionsByTopic;
  readonly clientTransactionVersion: number;
}

/** The answer to an addition; it holds for all of its partitions. */
export interface AddPartitionsReply {
  readonly kind: "add-partitions";
  readonly error: ErrorName;
}

/** A partition's leader asks whether partitions are in the transaction (KIP-890, part one). */
export interface VerifyPartitionsInput extends ProducerClaim {
  readonly kind: "verify-partitions";
  readonly transactionalId: string;
  readonly partitions: PartitionsByTopic;
}

/** The answer: an error for all, or the partitions that are not in the transaction. */
export interface VerifyPartitionsReply {
  readonly kind: "verify-partitions";
  readonly error: ErrorName;
  readonly missing: PartitionsByTopic;
}

/** EndTxn: commit or abort. */
export interface EndTransactionInput extends ProducerClaim {
  readonly kind: "end-transaction";
  readonly transactionalId: string;
  readonly isCommit: boolean;
  readonly clientTransactionVersion: number;
  readonly freshProducerId: bigint | undefined;
}

/** The answer: from version 5 on, with what the producer goes on with. */
export interface EndTransactionReply extends ProducerClaim {
  readonly kind: "end-transaction";
  /** "needs-producer-id": ask again with a fresh one. */
  readonly error: ErrorName | "needs-producer-id";
}

/** DescribeTransactions, for one id. */
export interface DescribeTransactionInput {
  readonly kind: "describe-transaction";
  readonly transactionalId: string;
}

/** The answer to DescribeTransactions, for one id. */
export interface DescribeTransactionReply extends ProducerClaim {
  readonly kind: "describe-transaction";
  readonly error: ErrorName;
  /** As Kafka spells it. */
  readonly state: string;
  readonly timeoutMs: number;
  readonly startMs: number;
  readonly partitions: PartitionsByTopic;
}

/** ListTransactions. */
export interface ListTransactionsInput {
  readonly kind: "list-transactions";
  /** Names of states as Kafka spells them; empty for any. */
  readonly states: ReadonlySet<string>;
  readonly producerIds: ReadonlySet<bigint>;
  /** Only those that have been running for this long; -1 for any. */
  readonly durationMsMin: number;
  /** Whether an id is wanted. */
  readonly matches: (transactionalId: string) => boolean;
}

/** The answer to ListTransactions. */
export interface ListTransactionsReply {
  readonly kind: "list-transactions";
  readonly error: ErrorName;
  readonly transactions: readonly {
    readonly transactionalId: string;
    readonly producerId: bigint;
    readonly state: string;
  }[];
}

/** The broker has written all markers of a transaction. */
export interface MarkersWrittenInput extends ProducerClaim {
  readonly kind: "markers-written";
  readonly transactionalId: string;
}

/** Timers of the coordinator. */
export type TransactionTimerInput =
  | { readonly kind: "check-timeouts" }
  | { readonly kind: "check-expiry" };

/** What the coordinator has the broker do: write the markers, then submit "markers-written". */
export interface WriteMarkersEffect extends ProducerClaim {
  readonly kind: "write-markers";
  readonly transactionalId: string;
  readonly isCommit: boolean;
  readonly partitions: PartitionsByTopic;
  /** By which rule partitions check the marker's epoch. */
  readonly transactionVersion: number;
}
