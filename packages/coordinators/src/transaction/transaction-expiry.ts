import type { Outcome } from "../runtime/index.ts";
import { prepareFencingAbort, type Transaction } from "./transaction.ts";
import { stateRecord, type TransactionEnvironment, writeMarkers } from "./transaction-outcome.ts";
import type { TransactionConfig } from "./transaction-config.ts";
import type { TransactionRecord } from "./transaction-records.ts";
import type { WriteMarkersEffect } from "./transaction-requests.ts";
import type { TransactionState, TransactionTypes } from "./transaction-types.ts";

/** Aborts the transactions whose producers let their time run out. */
export function abortTimedOut(
  state: TransactionState,
  { config, context }: TransactionEnvironment,
): Outcome<TransactionTypes> {
  const { nowMs } = context;
  const { transactionVersion } = config;
  const records: TransactionRecord[] = [];
  const effects: WriteMarkersEffect[] = [];
  for (const transaction of state.values()) {
    const isOver = transaction.startMs + transaction.timeoutMs < nowMs;
    if (transaction.status !== "ongoing" || !isOver) continue;
    const aborting = prepareFencingAbort(transaction, { transactionVersion, nowMs });
    records.push(stateRecord(config, aborting));
    effects.push(writeMarkers(aborting));
  }
  return { records, effects, timers: [timeoutTimer(config)] };
}

/** Forgets the transactional ids that nobody has used for long. */
export function removeExpired(
  state: TransactionState,
  { config, context }: TransactionEnvironment,
): Outcome<TransactionTypes> {
  const records: TransactionRecord[] = [];
  for (const transaction of state.values()) {
    const idleMs = context.nowMs - transaction.lastUpdateMs;
    if (!isAtRest(transaction) || idleMs < config.idExpirationMs) continue;
    const { transactionalId } = transaction;
    records.push({ transactionalId, value: null, isFlexible: true });
  }
  return { records, timers: [expiryTimer(config)] };
}

/** The timer that looks for transactions whose time is up. */
export function timeoutTimer(config: TransactionConfig) {
  const delayMs = config.timeoutCheckIntervalMs;
  return { kind: "set", key: "timeouts", delayMs, input: { kind: "check-timeouts" } } as const;
}

/** The timer that looks for transactional ids that are not used any more. */
export function expiryTimer(config: TransactionConfig) {
  const delayMs = config.expiryCheckIntervalMs;
  return { kind: "set", key: "expiry", delayMs, input: { kind: "check-expiry" } } as const;
}

function isAtRest({ status }: Transaction): boolean {
  return status === "empty" || status === "complete-commit" || status === "complete-abort";
}
