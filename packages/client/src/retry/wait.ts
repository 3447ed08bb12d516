import type { Clock } from "@millrace/platform";
import { KafkaError } from "../errors/kafka-error.ts";

/** Gives the error of a caller whose signal has ended a call. */
export function abortedError(signal: AbortSignal, what: string): KafkaError {
  const reason: unknown = signal.reason;
  if (reason instanceof KafkaError) return reason;
  return new KafkaError("ABORTED", `${what} was aborted`, { cause: reason });
}

/** @throws KafkaError ABORTED when the signal has ended. */
export function throwIfAborted(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted === true) throw abortedError(signal, what);
}

/**
 * Resolves after a time.
 * @throws KafkaError ABORTED as soon as the signal ends.
 */
export function waitMs(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(abortedError(signal, "waiting"));
      return;
    }
    const onAbort = (): void => {
      timer.cancel();
      if (signal !== undefined) reject(abortedError(signal, "waiting"));
    };
    const timer = clock.setTimer(delayMs, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/**
 * Gives what a promise gives, unless the signal or the time ends the wait first. The work behind
 * the
 * promise goes on; its later failure is dropped.
 * @throws KafkaError ABORTED, or what `timedOut` makes
 */
export function within<T>(
  promise: Promise<T>,
  limits: {
    readonly clock: Clock;
    readonly timeoutMs?: number | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly timedOut: () => KafkaError;
    readonly what: string;
  },
): Promise<T> {
  const { clock, timeoutMs, signal } = limits;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      promise.catch(() => undefined);
      reject(abortedError(signal, limits.what));
      return;
    }
    const settle = (): void => {
      timer?.cancel();
      signal?.removeEventListener("abort", onAbort);
    };
    const onAbort = (): void => {
      settle();
      if (signal !== undefined) reject(abortedError(signal, limits.what));
    };
    const timer =
      timeoutMs === undefined
        ? undefined
        : clock.setTimer(timeoutMs, () => {
            settle();
            reject(limits.timedOut());
          });
    signal?.addEventListener("abort", onAbort, { once: true });
    promise.then(
      (value) => {
        settle();
        resolve(value);
      },
      (error: unknown) => {
        settle();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
