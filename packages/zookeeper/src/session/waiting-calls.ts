import type { Clock, MillraceError, Timer } from "@millrace/platform";
import { ConnectionLossError } from "../errors.ts";
import type { Call } from "./call.ts";

/** Requests that are not sent yet, in their order. Without a connection none waits for long. */
export class WaitingCalls {
  readonly #clock: Clock;
  readonly #waitMs: number;
  #calls: { readonly call: Call; readonly sinceMs: number }[] = [];
  #timer: Timer | undefined;
  #pausedMs: number | undefined = 0;

  constructor(clock: Clock, waitMs: number) {
    this.#clock = clock;
    this.#waitMs = waitMs;
    this.#pausedMs = clock.monotonicMs();
  }

  get count(): number {
    return this.#calls.length;
  }

  add(call: Call): void {
    this.#calls.push({ call, sinceMs: this.#clock.monotonicMs() });
    this.#arm();
  }

  next(): Call | undefined {
    return this.#calls.shift()?.call;
  }

  /** There is no connection: from now on the wait is limited. */
  pause(): void {
    this.#pausedMs = this.#clock.monotonicMs();
    this.#arm();
  }

  /** There is a connection. */
  resume(): void {
    this.#pausedMs = undefined;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  failAll(error: MillraceError): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    for (const { call } of this.#calls.splice(0)) call.failed(error);
  }

  #arm(): void {
    const first = this.#calls[0];
    if (this.#pausedMs === undefined || this.#timer !== undefined || first === undefined) return;
    const endMs = Math.max(first.sinceMs, this.#pausedMs) + this.#waitMs;
    const delayMs = Math.max(1, endMs - this.#clock.monotonicMs());
    this.#timer = this.#clock.setTimer(delayMs, () => this.#failOld());
  }

  #failOld(): void {
    this.#timer = undefined;
    if (this.#pausedMs === undefined) return;
    const endMs = this.#clock.monotonicMs() - this.#waitMs;
    const firstKept = this.#calls.findIndex(
      ({ sinceMs }) => Math.max(sinceMs, this.#pausedMs ?? 0) > endMs,
    );
    const old = this.#calls.splice(0, firstKept === -1 ? this.#calls.length : firstKept);
    for (const { call } of old) {
      const message = `${call.operation} found no server within ${this.#waitMs} ms`;
      call.failed(new ConnectionLossError(message, { outcome: "notSent" }));
    }
    this.#arm();
  }
}
