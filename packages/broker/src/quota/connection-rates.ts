import type { ClientQuota } from "@millrace/metadata";

import { canonicalAddress } from "../security/canonical-address.ts";
import { SampledSum, type SampleWindows, throttleMsOf } from "./sampled-sum.ts";

/** The kind of quota that limits an address. */
const key = "connection_creation_rate";

/** Addresses that are counted; the one that came longest ago is forgotten for one more. */
const addressesMax = 10_000;

/** How often each address may connect (KIP-612). */
export class ConnectionRates {
  readonly #windows: SampleWindows;
  readonly #limits = new Map<string | null, number>();
  /** In the order in which they came last. */
  readonly #rates = new Map<string, SampledSum>();

  constructor(windows: SampleWindows) {
    this.#windows = windows;
  }

  /** Applies the quotas of the metadata. */
  update(quotas: Iterable<ClientQuota>): void {
    this.#limits.clear();
    for (const quota of quotas) {
      const [part] = quota.entity;
      if (quota.key !== key || part?.entityType !== "ip") continue;
      const { entityName } = part;
      this.#limits.set(entityName === null ? null : canonicalAddress(entityName), quota.value);
    }
    if (this.#limits.size === 0) this.#rates.clear();
  }

  /**
   * Counts a connection; 0, or for how many milliseconds it is one too many (then it is not
   * counted).
   */
  throttleMs(host: string, nowMs: number): number {
    if (this.#limits.size === 0) return 0;
    const limit = this.#limits.get(canonicalAddress(host)) ?? this.#limits.get(null);
    if (limit === undefined) return 0;
    const rate = this.#rateOf(host);
    rate.record(1, nowMs);
    const throttleMs = throttleMsOf(rate, limit, nowMs);
    if (throttleMs > 0) rate.record(-1, nowMs);
    return Math.min(throttleMs, this.#windows.windowMs);
  }

  #rateOf(host: string): SampledSum {
    const rate = this.#rates.get(host) ?? new SampledSum(this.#windows);
    this.#rates.delete(host);
    this.#rates.set(host, rate);
    if (this.#rates.size > addressesMax) {
      for (const oldest of this.#rates.keys()) {
        this.#rates.delete(oldest);
        break;
      }
    }
    return rate;
  }
}
