import type { Clock, Random } from "@millrace/platform";
import { isRetriableError, KafkaError } from "../errors/kafka-error.ts";
import { backoffMs } from "./backoff.ts";
import { Deadline } from "./deadline.ts";
import { throwIfAborted, waitMs } from "./wait.ts";

/** What `retrying` takes its time, chance and pauses from; a `Cluster` is one. */
export interface RetryContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly options: {
    readonly retryBackoffMs: number;
    readonly retryBackoffMaxMs: number;
    readonly defaultApiTimeoutMs: number;
  };
}

/** How a call is tried again. */
export interface RetryOptions {
  /** What is done, for the message of the error: "describing topics". */
  readonly what: string;
  /** For all attempts together; `defaultApiTimeoutMs` when not given. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether to try again after an error; by its `retriable` when not given. */
  readonly shouldRetry?: (error: unknown) => boolean;
  /** Called before each pause: to refresh metadata, to forget a coordinator. */
  readonly onRetry?: (error: unknown) => void | Promise<void>;
}

/** What an attempt may know. */
export interface Attempt {
  /** 0 for the first. */
  readonly failures: number;
  readonly remainingMs: number;
}

/**
 * Does something until it succeeds, fails for good, or the time is over. An attempt fails by
 * throwing; pauses grow as KIP-580 says.
 * @throws what the last attempt threw; after the time-out REQUEST_TIMED_OUT with that as its cause
 */
export async function retrying<T>(
  context: RetryContext,
  options: RetryOptions,
  attempt: (state: Attempt) => Promise<T>,
): Promise<T> {
  const { clock, random } = context;
  const deadline = new Deadline(clock, options.timeoutMs ?? context.options.defaultApiTimeoutMs);
  const backoff = {
    initialMs: context.options.retryBackoffMs,
    maxMs: context.options.retryBackoffMaxMs,
  };
  const shouldRetry = options.shouldRetry ?? isRetriableError;
  for (let failures = 0; ; failures += 1) {
    throwIfAborted(options.signal, options.what);
    try {
      return await attempt({ failures, remainingMs: deadline.remainingMs() });
    } catch (error) {
      if (!shouldRetry(error)) throw error;
      const pauseMs = backoffMs(failures, backoff, random);
      if (deadline.remainingMs() <= pauseMs) throw timedOut(options.what, deadline, error);
      await options.onRetry?.(error);
      await waitMs(clock, pauseMs, options.signal);
    }
  }
}

function timedOut(what: string, deadline: Deadline, cause: unknown): KafkaError {
  const said = cause instanceof Error ? `: ${cause.message}` : "";
  const message = `${what} did not succeed within ${Math.round(deadline.timeoutMs)} ms; the last failure was${said}`;
  return new KafkaError("REQUEST_TIMED_OUT", message, { cause, retriable: true });
}
