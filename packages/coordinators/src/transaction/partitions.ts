import type { ErrorName } from "@millrace/protocol";
import type { Outcome } from "../runtime/index.ts";
import {
  containsAll,
  isEnding,
  NO_PARTITIONS,
  type PartitionsByTopic,
  type Transaction,
  transit,
  union,
} from "./transaction.ts";
import { answer, type TransactionEnvironment } from "./transaction-outcome.ts";
import type {
  AddPartitionsInput,
  ProducerClaim,
  VerifyPartitionsInput,
} from "./transaction-requests.ts";
import type { TransactionTypes } from "./transaction-types.ts";

/** Decides on an addition of partitions; the first one begins the transaction. */
export function addPartitions(
  known: Transaction | undefined,
  input: AddPartitionsInput,
  environment: TransactionEnvironment,
): Outcome<TransactionTypes> {
  const error = checkProducer(known, input);
  const reply = { kind: "add-partitions", error } as const;
  if (known === undefined || error !== "NONE") return answer(environment, reply);
  const isOngoing = known.status === "ongoing";
  if (isOngoing && containsAll(known.partitions, input.partitions))
    return answer(environment, reply);
  const { nowMs } = environment.context;
  const next = transit(known, {
    status: "ongoing",
    partitions: union(known.partitions, input.partitions),
    startMs: isOngoing ? known.startMs : nowMs,
    lastUpdateMs: nowMs,
    clientTransactionVersion: input.clientTransactionVersion,
  });
  return answer(environment, reply, next);
}

/** Tells which partitions are not in a producer's transaction. */
export function verifyPartitions(
  known: Transaction | undefined,
  input: VerifyPartitionsInput,
  environment: TransactionEnvironment,
): Outcome<TransactionTypes> {
  const error = checkProducer(known, input);
  const missing =
    known === undefined || error !== "NONE"
      ? NO_PARTITIONS
      : without(input.partitions, known.partitions);
  return answer(environment, { kind: "verify-partitions", error, missing });
}

function checkProducer(
  known: Transaction | undefined,
  input: ProducerClaim & { readonly transactionalId: string },
): ErrorName {
  if (input.transactionalId === "") return "INVALID_REQUEST";
  if (known === undefined) return "INVALID_PRODUCER_ID_MAPPING";
  // The producer may be on the epoch, or even the id, that is its own once the markers are written.
  if (isEnding(known)) return "CONCURRENT_TRANSACTIONS";
  if (known.producerId !== input.producerId) return "INVALID_PRODUCER_ID_MAPPING";
  return known.producerEpoch === input.producerEpoch ? "NONE" : "PRODUCER_FENCED";
}

function without(partitions: PartitionsByTopic, others: PartitionsByTopic): PartitionsByTopic {
  const left = new Map<string, ReadonlySet<number>>();
  for (const [topic, indexes] of partitions) {
    const known = others.get(topic);
    const missing = [...indexes].filter((index) => known?.has(index) !== true);
    if (missing.length > 0) left.set(topic, new Set(missing));
  }
  return left;
}
