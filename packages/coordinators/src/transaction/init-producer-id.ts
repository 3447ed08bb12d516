import type { Outcome } from "../runtime/index.ts";
import {
  isEnding,
  isEpochExhausted,
  NO_PARTITIONS,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  prepareFencingAbort,
  type Transaction,
  transit,
} from "./transaction.ts";
import { answer, become, type TransactionEnvironment } from "./transaction-outcome.ts";
import type { InitProducerIdInput, InitProducerIdReply } from "./transaction-requests.ts";
import type { TransactionTypes } from "./transaction-types.ts";

/**
 * Decides on InitProducerId: the producer gets an epoch that fences all before it. A transaction
 * that is still open is aborted first; the client asks again meanwhile.
 */
export function initProducerId(
  known: Transaction | undefined,
  input: InitProducerIdInput,
  environment: TransactionEnvironment,
): Outcome<TransactionTypes> {
  const { config, context } = environment;
  const refuse = (error: InitProducerIdReply["error"]) => answer(environment, refusedInit(error));
  if (input.transactionalId === "") return refuse("INVALID_REQUEST");
  if (input.timeoutMs <= 0 || input.timeoutMs > config.timeoutMsMax) {
    return refuse("INVALID_TRANSACTION_TIMEOUT");
  }
  if (known === undefined && input.freshProducerId === undefined)
    return refuse("needs-producer-id");
  if (known !== undefined && isEnding(known)) return refuse("CONCURRENT_TRANSACTIONS");
  const from = known ?? newTransaction(input, context.nowMs);
  if (input.expected !== undefined && !isPlausible(from, input.expected)) {
    return refuse("PRODUCER_FENCED");
  }
  if (from.status !== "ongoing") return beginAnew(from, input, environment);
  const { transactionVersion } = config;
  const aborting = prepareFencingAbort(from, { transactionVersion, nowMs: context.nowMs });
  return { ...refuse("CONCURRENT_TRANSACTIONS"), ...become(config, aborting) };
}

/** The answer to an InitProducerId that is refused. */
export function refusedInit(error: InitProducerIdReply["error"]): InitProducerIdReply {
  return {
    kind: "init-producer-id",
    error,
    producerId: NO_PRODUCER_ID,
    producerEpoch: NO_PRODUCER_EPOCH,
  };
}

function beginAnew(
  from: Transaction,
  input: InitProducerIdInput,
  environment: TransactionEnvironment,
): Outcome<TransactionTypes> {
  const { expected, freshProducerId } = input;
  const refuse = (error: InitProducerIdReply["error"]) => answer(environment, refusedInit(error));
  const isCurrent = expected === undefined || expected.producerEpoch === from.producerEpoch;
  const rotates = isEpochExhausted(from.producerEpoch) && isCurrent;
  if (rotates && freshProducerId === undefined) return refuse("needs-producer-id");
  const epochs = rotates ? rotatedEpochs(from, input) : bumpedEpochs(from, input);
  if (epochs === undefined) return refuse("PRODUCER_FENCED");
  const next = transit(from, {
    ...epochs,
    producerId: rotates ? (freshProducerId ?? from.producerId) : from.producerId,
    status: "empty",
    timeoutMs: input.timeoutMs,
    partitions: NO_PARTITIONS,
    startMs: -1,
    lastUpdateMs: environment.context.nowMs,
  });
  const { producerId, producerEpoch } = next;
  const reply = { kind: "init-producer-id", error: "NONE", producerId, producerEpoch } as const;
  return answer(environment, reply, next);
}

type Epochs = Pick<Transaction, "producerEpoch" | "lastProducerEpoch">;

function rotatedEpochs(from: Transaction, { expected }: InitProducerIdInput): Epochs {
  const lastProducerEpoch = expected === undefined ? NO_PRODUCER_EPOCH : from.producerEpoch;
  return { producerEpoch: 0, lastProducerEpoch };
}

/** undefined when the producer has an epoch that is neither the current one nor the last. */
function bumpedEpochs(from: Transaction, { expected }: InitProducerIdInput): Epochs | undefined {
  const { producerEpoch, lastProducerEpoch } = from;
  const bumped = producerEpoch + 1;
  if (expected === undefined) {
    return { producerEpoch: bumped, lastProducerEpoch: NO_PRODUCER_EPOCH };
  }
  if (producerEpoch === NO_PRODUCER_EPOCH || expected.producerEpoch === producerEpoch) {
    return { producerEpoch: bumped, lastProducerEpoch: producerEpoch };
  }
  // The answer to a bump got lost, and the producer asks again.
  return expected.producerEpoch === lastProducerEpoch
    ? { producerEpoch, lastProducerEpoch }
    : undefined;
}

/** KIP-360: a producer that recovers must be who the coordinator knows, or who it was before. */
function isPlausible(
  from: Transaction,
  expected: NonNullable<InitProducerIdInput["expected"]>,
): boolean {
  return (
    from.producerEpoch === NO_PRODUCER_EPOCH ||
    expected.producerId === from.producerId ||
    (expected.producerId === from.previousProducerId && isEpochExhausted(expected.producerEpoch))
  );
}

function newTransaction(input: InitProducerIdInput, nowMs: number): Transaction {
  return {
    transactionalId: input.transactionalId,
    producerId: input.freshProducerId ?? NO_PRODUCER_ID,
    previousProducerId: NO_PRODUCER_ID,
    nextProducerId: NO_PRODUCER_ID,
    producerEpoch: NO_PRODUCER_EPOCH,
    lastProducerEpoch: NO_PRODUCER_EPOCH,
    timeoutMs: input.timeoutMs,
    status: "empty",
    partitions: NO_PARTITIONS,
    startMs: -1,
    lastUpdateMs: nowMs,
    clientTransactionVersion: 0,
  };
}
