import type { ErrorName } from "@millrace/protocol";
import type { Machine, Outcome, ShardError } from "../runtime/index.ts";
import { endTransaction, markersWritten, refusedEnd } from "./end-transaction.ts";
import { initProducerId, refusedInit } from "./init-producer-id.ts";
import { addPartitions, verifyPartitions } from "./partitions.ts";
import { isEnding, NO_PARTITIONS } from "./transaction.ts";
import { describeTransaction, listTransactions, refusedDescription } from "./transaction-admin.ts";
import type { TransactionConfig } from "./transaction-config.ts";
import { abortTimedOut, expiryTimer, removeExpired, timeoutTimer } from "./transaction-expiry.ts";
import { answer, type TransactionEnvironment, writeMarkers } from "./transaction-outcome.ts";
import { decodeTransactionRecord, encodeTransactionRecord } from "./transaction-records.ts";
import type {
  TransactionInput,
  TransactionReply,
  TransactionState,
  TransactionTypes,
} from "./transaction-types.ts";

/**
 * Gives the rules of the transaction coordinator. The configuration is read anew at each decision.
 */
export function transactionMachine(readConfig: () => TransactionConfig): Machine<TransactionTypes> {
  return {
    empty: () => new Map(),
    step: (state, input, context) => step(state, input, { config: readConfig(), context }),
    apply(state, { transactionalId, value }) {
      if (value === null) state.delete(transactionalId);
      else state.set(transactionalId, value);
    },
    change: () => {},
    loaded: (state) => loaded(state, readConfig()),
    refuse,
    encode: encodeTransactionRecord,
    decode: decodeTransactionRecord,
  };
}

function step(
  state: TransactionState,
  input: TransactionInput,
  environment: TransactionEnvironment,
): Outcome<TransactionTypes> {
  switch (input.kind) {
    case "init-producer-id":
      return initProducerId(state.get(input.transactionalId), input, environment);
    case "add-partitions":
      return addPartitions(state.get(input.transactionalId), input, environment);
    case "verify-partitions":
      return verifyPartitions(state.get(input.transactionalId), input, environment);
    case "end-transaction":
      return endTransaction(state.get(input.transactionalId), input, environment);
    case "markers-written":
      return markersWritten(state.get(input.transactionalId), input, environment);
    case "describe-transaction": {
      const { transactionalId } = input;
      return answer(environment, describeTransaction(state.get(transactionalId), transactionalId));
    }
    case "list-transactions": {
      const transactions = listTransactions(state, input, environment.context.nowMs);
      return answer(environment, { kind: input.kind, error: "NONE", transactions });
    }
    case "check-timeouts":
      return abortTimedOut(state, environment);
    case "check-expiry":
      return removeExpired(state, environment);
  }
}

/** A new coordinator ends what its predecessor had decided to end. */
function loaded(state: TransactionState, config: TransactionConfig): Outcome<TransactionTypes> {
  const ending = [...state.values()].filter(isEnding);
  return { effects: ending.map(writeMarkers), timers: [timeoutTimer(config), expiryTimer(config)] };
}

function refuse(input: TransactionInput, cause: ShardError): TransactionReply | undefined {
  const error = clientError(cause);
  switch (input.kind) {
    case "init-producer-id":
      return refusedInit(error);
    case "add-partitions":
      return { kind: input.kind, error };
    case "verify-partitions":
      return { kind: input.kind, error, missing: NO_PARTITIONS };
    case "end-transaction":
      return refusedEnd(error);
    case "describe-transaction":
      return refusedDescription(error);
    case "list-transactions":
      return { kind: input.kind, error, transactions: [] };
    case "markers-written":
      return { kind: input.kind };
    case "check-timeouts":
    case "check-expiry":
      return undefined;
  }
}

/** What a transactional producer understands of the log's refusals. */
function clientError(cause: ShardError): ErrorName {
  if (cause === "NOT_ENOUGH_REPLICAS") return "COORDINATOR_NOT_AVAILABLE";
  if (cause === "KAFKA_STORAGE_ERROR") return "NOT_COORDINATOR";
  return cause === "RECORD_TOO_LARGE" ? "UNKNOWN_SERVER_ERROR" : cause;
}
