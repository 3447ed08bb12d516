import type { Outcome, StepContext } from "../runtime/index.ts";
import type { Transaction } from "./transaction.ts";
import type { TransactionConfig } from "./transaction-config.ts";
import type { TransactionRecord } from "./transaction-records.ts";
import type { WriteMarkersEffect } from "./transaction-requests.ts";
import type { TransactionReply, TransactionTypes } from "./transaction-types.ts";

/** What a decision of the transaction coordinator meets. */
export interface TransactionEnvironment {
  readonly config: TransactionConfig;
  readonly context: StepContext;
}

/** An answer, and the state that the transactional id is in from now on, if it changes. */
export function answer(
  environment: TransactionEnvironment,
  reply: TransactionReply,
  next?: Transaction,
): Outcome<TransactionTypes> {
  const replies = [{ to: environment.context.replyTo, reply }];
  if (next === undefined) return { replies };
  return { replies, ...become(environment.config, next) };
}

/** The record of a new state, and the markers that it asks for. */
export function become(
  config: TransactionConfig,
  next: Transaction,
): Pick<Outcome<TransactionTypes>, "records" | "effects"> {
  const ends = next.status === "prepare-commit" || next.status === "prepare-abort";
  return { records: [stateRecord(config, next)], effects: ends ? [writeMarkers(next)] : [] };
}

/** The record of a state. */
export function stateRecord(config: TransactionConfig, value: Transaction): TransactionRecord {
  const isFlexible = config.transactionVersion >= 1;
  return { transactionalId: value.transactionalId, value, isFlexible };
}

/** The markers that end a transaction. */
export function writeMarkers(transaction: Transaction): WriteMarkersEffect {
  return {
    kind: "write-markers",
    transactionalId: transaction.transactionalId,
    producerId: transaction.producerId,
    producerEpoch: transaction.producerEpoch,
    isCommit: transaction.status === "prepare-commit",
    partitions: transaction.partitions,
    transactionVersion: transaction.clientTransactionVersion,
  };
}
