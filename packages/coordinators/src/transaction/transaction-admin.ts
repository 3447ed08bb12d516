import {
  NO_PARTITIONS,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  statusNames,
  type Transaction,
} from "./transaction.ts";
import type {
  DescribeTransactionReply,
  ListTransactionsInput,
  ListTransactionsReply,
} from "./transaction-requests.ts";
import type { TransactionState } from "./transaction-types.ts";

/** Describes a transactional id. */
export function describeTransaction(
  known: Transaction | undefined,
  transactionalId: string,
): DescribeTransactionReply {
  const kind = "describe-transaction";
  if (known === undefined) {
    return refusedDescription(
      transactionalId === "" ? "INVALID_REQUEST" : "TRANSACTIONAL_ID_NOT_FOUND",
    );
  }
  const { producerId, producerEpoch, timeoutMs, startMs, partitions } = known;
  const state = statusNames[known.status];
  return { kind, error: "NONE", state, producerId, producerEpoch, timeoutMs, startMs, partitions };
}

/** The answer for a transactional id that cannot be described. */
export function refusedDescription(
  error: DescribeTransactionReply["error"],
): DescribeTransactionReply {
  return {
    kind: "describe-transaction",
    error,
    state: "",
    producerId: NO_PRODUCER_ID,
    producerEpoch: NO_PRODUCER_EPOCH,
    timeoutMs: 0,
    startMs: -1,
    partitions: NO_PARTITIONS,
  };
}

/** Lists the transactional ids that a filter lets pass. */
export function listTransactions(
  state: TransactionState,
  filter: ListTransactionsInput,
  nowMs: number,
): ListTransactionsReply["transactions"] {
  return [...state.values()]
    .filter(
      (transaction) =>
        (filter.states.size === 0 || filter.states.has(statusNames[transaction.status])) &&
        (filter.producerIds.size === 0 || filter.producerIds.has(transaction.producerId)) &&
        (filter.durationMsMin < 0 || nowMs - transaction.startMs > filter.durationMsMin) &&
        filter.matches(transaction.transactionalId),
    )
    .map(({ transactionalId, producerId, status }) => ({
      transactionalId,
      producerId,
      state: statusNames[status],
    }));
}
