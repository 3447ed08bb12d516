import type { ChargePartitions } from "@millrace/metadata";
import { Produce } from "@millrace/protocol";

import type { RateKind } from "./client-usage.ts";
import type { QuotaClient, QuotaKind, QuotaLedger } from "./quota-ledger.ts";
import { throttleMsOf } from "./sampled-sum.ts";

/** Who has used no more of what its windows hold has rested: empty answers take a little, too. */
const restedShare = 0.1;

/**
 * One request, counted for its client's quotas: its bytes, the event loop's time that it takes,
 * and the partitions that it makes and removes. The answer tells how long the client is to wait,
 * and the connection is not read for as long (KIP-219).
 */
export class RequestQuota {
  readonly #quotas: QuotaLedger;
  readonly #client: QuotaClient;
  readonly #frameBytes: number;
  #resumedMs: number;
  #busyMs = 0;
  #throttleMs = 0;
  /** What the client waits for is counted as this kind's throttle. */
  #throttleKind: QuotaKind = "Request";
  #isSilent = false;
  #isTimeCharged = false;
  #isExempt = false;

  constructor(quotas: QuotaLedger, client: QuotaClient, frameBytes: number) {
    this.#quotas = quotas;
    this.#client = client;
    this.#frameBytes = frameBytes;
    this.#resumedMs = quotas.clock.monotonicMs();
  }

  /** For how long the connection is not to be read, in milliseconds. */
  get throttleMs(): number {
    return this.#throttleMs;
  }

  /** Nobody waits for an answer: the time that it takes is not held against the client. */
  silence(): void {
    this.#isSilent = true;
  }

  /** The request is not counted: it may do what brokers ask of each other. */
  exempt(): void {
    this.#isExempt = true;
  }

  /** The request waits for something; the event loop is others' until it is finished. */
  waits(): void {
    const nowMs = this.#quotas.clock.monotonicMs();
    this.#busyMs += nowMs - this.#resumedMs;
    this.#resumedMs = Number.POSITIVE_INFINITY;
  }

  /** More than this in one answer would be throttled even after a long rest. */
  fetchBytesMax(): number {
    const { samples, windowMs } = this.#quotas.windows;
    const limited = this.#quotas.limited("Fetch", this.#client);
    if (limited === undefined) return Number.POSITIVE_INFINITY;
    return Math.floor((limited.limit * (samples - 1) * windowMs) / 1000);
  }

  /**
   * Counts the answer to a Fetch. A client that is to wait gets an empty answer instead, false
   * here, and what it does not get is not counted. One that has rested gets even a batch that is
   * larger than the windows hold, and waits afterwards: Kafka never gives it that batch.
   */
  admitsFetch(sizeBytes: number): boolean {
    this.#chargeTime();
    const rate = this.#rateOf("Fetch");
    if (rate === undefined) return this.#throttleMs === 0;
    const isTimeUp = this.#throttleMs > 0;
    const maxBytes = this.fetchBytesMax();
    const hasRested = rate.sum(this.#nowMs()) <= maxBytes * restedShare;
    this.#charge("Fetch", sizeBytes);
    if (this.#throttleMs === 0) return true;
    if (!isTimeUp && hasRested && sizeBytes > maxBytes) return true;
    rate.record(-sizeBytes, this.#nowMs());
    return false;
  }

  /**
   * Counts records that are given in any case, and waited for afterwards: those of a share group
   * are acquired by then, and would be locked for nobody.
   */
  chargeRecords(sizeBytes: number): void {
    this.#charge("Fetch", sizeBytes);
  }

  /**
   * Counts changes of metadata (KIP-599). A strict quota refuses what comes while tokens are owed;
   * one that is not lets everything through, and the client waits afterwards.
   */
  partitionCharge(isStrict: boolean): ChargePartitions {
    return (partitionCount) => {
      const limited = this.#quotas.limited("ControllerMutation", this.#client);
      if (limited === undefined) return true;
      const { limit, usage } = limited;
      const nowMs = this.#nowMs();
      const bucket = usage.mutations(limit);
      const owedMs = bucket.throttleMs(limit, nowMs);
      if (isStrict && owedMs > 0) {
        this.#wait("ControllerMutation", owedMs);
        return false;
      }
      bucket.take(partitionCount, limit, nowMs);
      if (!isStrict) this.#wait("ControllerMutation", bucket.throttleMs(limit, nowMs));
      return true;
    };
  }

  /** The handler is done: the milliseconds that the client is to wait. */
  finish(apiKey: number): number {
    if (this.#isExempt) return 0;
    if (apiKey === Produce.key) this.#charge("Produce", this.#frameBytes);
    // A Fetch has been counted with its size, unless it was refused.
    if (!this.#isSilent && !this.#isTimeCharged) this.#chargeTime();
    if (this.#throttleMs > 0) {
      const limited = this.#quotas.limited(this.#throttleKind, this.#client);
      limited?.usage.throttled(this.#throttleKind, this.#throttleMs);
    }
    return this.#throttleMs;
  }

  /** The answer is written: that took time, too, which counts for the next request. */
  encoded(): void {
    if (this.#isExempt) return;
    const busyMs = this.#takeBusyMs();
    this.#rateOf("Request")?.record(percentOfSecond(busyMs), this.#nowMs());
  }

  #chargeTime(): void {
    this.#isTimeCharged = true;
    this.#charge("Request", percentOfSecond(this.#takeBusyMs()));
  }

  #charge(kind: RateKind, value: number): void {
    const limited = this.#quotas.limited(kind, this.#client);
    if (limited === undefined) return;
    const nowMs = this.#nowMs();
    const rate = limited.usage.rate(kind);
    rate.record(value, nowMs);
    const throttleMs = throttleMsOf(rate, limited.limit, nowMs);
    // Time is short at once and long gone: nobody waits for longer than a window for it.
    const isTime = kind === "Request";
    this.#wait(kind, isTime ? Math.min(throttleMs, this.#quotas.windows.windowMs) : throttleMs);
  }

  #wait(kind: QuotaKind, throttleMs: number): void {
    if (throttleMs <= this.#throttleMs) return;
    this.#throttleMs = throttleMs;
    this.#throttleKind = kind;
  }

  #rateOf(kind: RateKind) {
    return this.#quotas.limited(kind, this.#client)?.usage.rate(kind);
  }

  #takeBusyMs(): number {
    const nowMs = this.#nowMs();
    const busyMs = this.#busyMs + Math.max(nowMs - this.#resumedMs, 0);
    this.#busyMs = 0;
    this.#resumedMs = nowMs;
    return busyMs;
  }

  #nowMs(): number {
    return this.#quotas.clock.monotonicMs();
  }
}

function percentOfSecond(busyMs: number): number {
  return busyMs / 10;
}
