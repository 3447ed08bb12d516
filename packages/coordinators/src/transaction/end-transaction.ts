import type { ErrorName } from "@millrace/protocol";
import type { Outcome } from "../runtime/index.ts";
import {
  bumpsEpochs,
  completeEnd,
  isEnding,
  isEpochExhausted,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  prepareEnd,
  type Transaction,
} from "./transaction.ts";
import { answer, become, type TransactionEnvironment } from "./transaction-outcome.ts";
import type {
  EndTransactionInput,
  EndTransactionReply,
  MarkersWrittenInput,
} from "./transaction-requests.ts";
import type { TransactionTypes } from "./transaction-types.ts";

/** The last epoch that a client can end a transaction with. */
const LAST_CLIENT_EPOCH = 0x7fff - 1;

/**
 * Decides on EndTxn. The answer leaves when the decision is in the log; the markers follow.
 *
 * With transaction.version 2 the epoch tells a repeated request from the end of the next
 * transaction: the first carries the epoch before the bump, the second the one after it.
 */
export function endTransaction(
  known: Transaction | undefined,
  input: EndTransactionInput,
  environment: TransactionEnvironment,
): Outcome<TransactionTypes> {
  if (known === undefined) return answer(environment, refusedEnd("INVALID_PRODUCER_ID_MAPPING"));
  const verdict = judge(known, input);
  if (verdict === "repeated") return answer(environment, done(known));
  if (verdict !== "end") return answer(environment, refusedEnd(verdict));
  const bumps = bumpsEpochs(input.clientTransactionVersion);
  const rotates = bumps && isEpochExhausted(known.producerEpoch);
  if (rotates && input.freshProducerId === undefined) {
    return answer(environment, refusedEnd("needs-producer-id"));
  }
  const { nowMs } = environment.context;
  const next = prepareEnd(known, {
    status: input.isCommit ? "prepare-commit" : "prepare-abort",
    clientTransactionVersion: input.clientTransactionVersion,
    nextProducerId: rotates ? (input.freshProducerId ?? NO_PRODUCER_ID) : NO_PRODUCER_ID,
    nowMs,
  });
  // The client goes on with what will be there once the markers are written.
  return answer(environment, done(completeEnd(next, nowMs)), next);
}

/** Decides on the news that all markers are written. */
export function markersWritten(
  known: Transaction | undefined,
  input: MarkersWrittenInput,
  environment: TransactionEnvironment,
): Outcome<TransactionTypes> {
  const reply = { kind: "markers-written" } as const;
  const isSame =
    known?.producerId === input.producerId && known.producerEpoch === input.producerEpoch;
  if (known === undefined || !isEnding(known) || !isSame) return answer(environment, reply);
  const { config, context } = environment;
  return { ...answer(environment, reply), ...become(config, completeEnd(known, context.nowMs)) };
}

/** The answer to an EndTxn that is refused. */
export function refusedEnd(error: EndTransactionReply["error"]): EndTransactionReply {
  return {
    kind: "end-transaction",
    error,
    producerId: NO_PRODUCER_ID,
    producerEpoch: NO_PRODUCER_EPOCH,
  };
}

function done({ producerId, producerEpoch }: Transaction): EndTransactionReply {
  return { kind: "end-transaction", error: "NONE", producerId, producerEpoch };
}

type Verdict = ErrorName | "end" | "repeated";

function judge(known: Transaction, input: EndTransactionInput): Verdict {
  if (input.transactionalId === "") return "INVALID_REQUEST";
  return bumpsEpochs(input.clientTransactionVersion)
    ? judgeWithEpochBumps(known, input)
    : judgeByState(known, input);
}

/** The rules up to transaction.version 1: an epoch lasts until the next InitProducerId. */
function judgeByState(known: Transaction, input: EndTransactionInput): Verdict {
  if (known.producerId !== input.producerId) return "INVALID_PRODUCER_ID_MAPPING";
  if (known.producerEpoch !== input.producerEpoch) return "PRODUCER_FENCED";
  switch (known.status) {
    case "ongoing":
      return "end";
    case "complete-commit":
      return input.isCommit ? "repeated" : "INVALID_TXN_STATE";
    case "complete-abort":
      return input.isCommit ? "INVALID_TXN_STATE" : "repeated";
    case "prepare-commit":
    case "prepare-abort":
      return "CONCURRENT_TRANSACTIONS";
    case "empty":
      return "INVALID_TXN_STATE";
  }
}

/** How the epoch of a request stands to the one that is known. */
type Epoch = "current" | "repeated" | "other";

/** The rules of transaction.version 2 (KIP-890). */
function judgeWithEpochBumps(known: Transaction, input: EndTransactionInput): Verdict {
  // The producer may be on the epoch, or even the id, that is its own once the markers are written.
  if (isEnding(known)) return "CONCURRENT_TRANSACTIONS";
  const isOverflow = hasOverflowed(known, input);
  if (known.producerId !== input.producerId && !isOverflow) return "INVALID_PRODUCER_ID_MAPPING";
  const epoch = isOverflow ? "repeated" : compareEpochs(known.producerEpoch, input.producerEpoch);
  switch (known.status) {
    case "ongoing":
      return epoch === "current" ? "end" : "PRODUCER_FENCED";
    case "empty":
      return epoch === "current" ? judgeEmptyEnd(input) : "PRODUCER_FENCED";
    default:
      if (epoch === "repeated") return judgeRepeated(known, input);
      return epoch === "current" ? judgeEmptyEnd(input) : "PRODUCER_FENCED";
  }
}

/**
 * The end that is asked for again used up the epochs of its producer id: a new id is known since.
 */
function hasOverflowed(known: Transaction, input: EndTransactionInput): boolean {
  return (
    known.previousProducerId === input.producerId &&
    input.producerEpoch === LAST_CLIENT_EPOCH &&
    known.producerEpoch === 0
  );
}

function compareEpochs(known: number, asked: number): Epoch {
  if (known === asked) return "current";
  return known === asked + 1 ? "repeated" : "other";
}

/** A client may abort before anything was added, but there is nothing to commit. */
function judgeEmptyEnd(input: EndTransactionInput): Verdict {
  return input.isCommit ? "INVALID_TXN_STATE" : "end";
}

/** The same end again is fine, another end is a mistake. */
function judgeRepeated({ status }: Transaction, { isCommit }: EndTransactionInput): Verdict {
  return isCommit === (status === "complete-commit") ? "repeated" : "INVALID_TXN_STATE";
}
