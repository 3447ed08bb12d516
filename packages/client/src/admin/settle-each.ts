import type { ErrorName } from "@millrace/protocol";

import type { Cluster } from "../cluster.ts";
import type { ClientErrorCode } from "../errors/client-error-code.ts";
import { asKafkaError, KafkaError } from "../errors/kafka-error.ts";
import { backoffMs } from "../retry/backoff.ts";
import { Deadline } from "../retry/deadline.ts";
import { throwIfAborted, waitMs } from "../retry/wait.ts";
import type { AdminCallOptions } from "./call-options.ts";

/** What became of each item: its value, or why there is none. */
export type Outcomes<K, V> = Map<K, V | KafkaError>;

/** What an attempt has to know. */
export interface AdminAttempt {
  /** 0 for the first. */
  readonly failures: number;
  readonly remainingMs: number;
  readonly signal: AbortSignal | undefined;
}

/** How items are asked for. */
export interface SettleOptions<K, V> {
  /** What is done, for messages: "creating topics". */
  readonly what: string;
  readonly items: Iterable<K>;
  readonly call: AdminCallOptions;
  /** Errors in answers after which an item is tried again, besides `movedErrors`. */
  readonly retryOn?: ReadonlySet<Code>;
  /**
   * Asks for items, all of which are still open. An item that its result leaves out was not
   * answered; what it throws holds for all of them.
   */
  readonly attempt: (items: readonly K[], state: AdminAttempt) => Promise<Outcomes<K, V>>;
}

type Code = ErrorName | ClientErrorCode;

/** The broker that was asked is not, or not yet, the one to ask. */
const movedErrors: ReadonlySet<Code> = new Set<Code>([
  "NOT_CONTROLLER",
  "NOT_COORDINATOR",
  "COORDINATOR_NOT_AVAILABLE",
  "COORDINATOR_LOAD_IN_PROGRESS",
  "NOT_LEADER_OR_FOLLOWER",
  "LEADER_NOT_AVAILABLE",
  "FENCED_LEADER_EPOCH",
  "UNKNOWN_LEADER_EPOCH",
  "BROKER_NOT_AVAILABLE",
  "NETWORK_EXCEPTION",
  "BOOTSTRAP_UNREACHABLE",
  "TOKEN_UNAVAILABLE",
]);

/** Errors that end the whole call, since no item can be better off. */
const endingErrors: ReadonlySet<Code> = new Set<Code>(["ABORTED", "CLIENT_CLOSED"]);

/**
 * Does something for each of many items until each has a value or an error for good: items that
 * failed for a reason that passes are tried again, alone, with pauses as of KIP-580, until the
 * time-out; then their error is REQUEST_TIMED_OUT with the last one as its cause.
 * @throws KafkaError ABORTED and CLIENT_CLOSED alone: all others are outcomes
 */
export async function settleEach<K, V>(
  cluster: Cluster,
  options: SettleOptions<K, V>,
): Promise<Outcomes<K, V>> {
  const { call, what } = options;
  const deadline = new Deadline(
    cluster.clock,
    call.timeoutMs ?? cluster.options.defaultApiTimeoutMs,
  );
  const items = [...new Set(options.items)];
  const settled: Outcomes<K, V> = new Map();
  let open: ReadonlyMap<K, KafkaError | undefined> = new Map(items.map((one) => [one, undefined]));
  for (let failures = 0; open.size > 0; failures += 1) {
    throwIfAborted(call.signal, what);
    const state = { failures, remainingMs: deadline.remainingMs(), signal: call.signal };
    open = await attemptOnce([...open.keys()], { state, options, settled });
    if (open.size === 0) break;
    const pauseMs = pauseOf(cluster, failures);
    if (deadline.remainingMs() <= pauseMs) {
      for (const [item, error] of open) settled.set(item, timedOut(what, deadline, error));
      break;
    }
    if ([...open.values()].some((error) => error?.code === "NOT_CONTROLLER")) {
      void cluster.metadata.refreshSoon("another broker is the controller");
    }
    await waitMs(cluster.clock, pauseMs, call.signal);
  }
  const places = new Map(items.map((item, index) => [item, index]));
  const placeOf = (item: K): number => places.get(item) ?? items.length;
  return new Map([...settled].toSorted(([left], [right]) => placeOf(left) - placeOf(right)));
}

/** Tries the open items once, notes what is settled, and gives what stays open and why. */
async function attemptOnce<K, V>(
  items: readonly K[],
  context: {
    readonly state: AdminAttempt;
    readonly options: SettleOptions<K, V>;
    readonly settled: Outcomes<K, V>;
  },
): Promise<ReadonlyMap<K, KafkaError>> {
  const { state, options, settled } = context;
  const open = new Map<K, KafkaError>();
  const outcomes = await options
    .attempt(items, state)
    .catch((error: unknown) => allFailed<K, V>(items, error, options.what));
  for (const item of items) {
    if (!outcomes.has(item)) settled.set(item, unanswered(options.what));
  }
  const asked = new Set(items);
  for (const [item, outcome] of outcomes) {
    if (!asked.has(item)) continue;
    if (outcome instanceof KafkaError && mayPass(outcome, options.retryOn)) open.set(item, outcome);
    else settled.set(item, outcome);
  }
  return open;
}

/**
 * Gives an error to all items that were asked for together.
 * @throws KafkaError what ends the whole call
 */
export function allFailed<K, V>(items: readonly K[], error: unknown, what: string): Outcomes<K, V> {
  const failure = asKafkaError(error, "INVALID_ARGUMENT", { what });
  if (endingErrors.has(failure.code)) throw failure;
  // An answer may say REQUEST_TIMED_OUT too, after which nothing is tried again: the controller
  // may have done it. A request that got no answer is.
  const outcome =
    failure.code === "REQUEST_TIMED_OUT"
      ? new KafkaError("NETWORK_EXCEPTION", failure.reason, { cause: failure })
      : failure;
  return new Map(items.map((item) => [item, outcome]));
}

function mayPass(error: KafkaError, retryOn: ReadonlySet<Code> | undefined): boolean {
  return movedErrors.has(error.code) || retryOn?.has(error.code) === true;
}

function unanswered(what: string): KafkaError {
  return new KafkaError("UNKNOWN_SERVER_ERROR", `${what}: the broker's answer leaves it out`);
}

function pauseOf(cluster: Cluster, failures: number): number {
  const { retryBackoffMs, retryBackoffMaxMs } = cluster.options;
  const pauses = { initialMs: retryBackoffMs, maxMs: retryBackoffMaxMs };
  return backoffMs(failures, pauses, cluster.random);
}

function timedOut(what: string, deadline: Deadline, cause: KafkaError | undefined): KafkaError {
  const said = cause === undefined ? "" : `; the last failure was: ${cause.message}`;
  const message = `${what} did not succeed within ${Math.round(deadline.timeoutMs)} ms${said}`;
  return new KafkaError("REQUEST_TIMED_OUT", message, { cause });
}

const onlyItem = "only";

/**
 * Does one thing with the same retries, and throws its error.
 * @throws KafkaError
 */
export async function settleOne<V>(
  cluster: Cluster,
  options: Omit<SettleOptions<string, V>, "items" | "attempt"> & {
    readonly attempt: (state: AdminAttempt) => Promise<V | KafkaError>;
  },
): Promise<V> {
  const outcomes = await settleEach<string, V>(cluster, {
    ...options,
    items: [onlyItem],
    attempt: async (_, state) => new Map([[onlyItem, await options.attempt(state)]]),
  });
  for (const [, outcome] of outcomes) {
    if (outcome instanceof KafkaError) throw outcome;
    return outcome;
  }
  throw unanswered(options.what);
}

/**
 * Gives the value of an outcome.
 * @throws KafkaError the error that it is
 */
export function valueOf<V>(outcome: V | KafkaError | undefined, what: string): V {
  if (outcome instanceof KafkaError) throw outcome;
  if (outcome === undefined) throw unanswered(what);
  return outcome;
}
