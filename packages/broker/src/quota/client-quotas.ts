import type { Clock, Metrics } from "@millrace/platform";
import type { ClientQuota, MetadataListener, MetadataUpdate } from "@millrace/metadata";

import type { BrokerConfig } from "../config/index.ts";
import { ClientUsage, type UsageOptions } from "./client-usage.ts";
import { ConnectionRates } from "./connection-rates.ts";
import { boundedClientId, clientKey, QuotaLimits } from "./quota-limits.ts";
import type { LimitedUsage, QuotaClient, QuotaKind, QuotaLedger } from "./quota-ledger.ts";
import { RequestQuota } from "./request-quota.ts";
import type { SampleWindows } from "./sampled-sum.ts";

/** What quotas are measured with. */
export interface ClientQuotasOptions {
  readonly config: BrokerConfig;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** Whoever asks for more is forgotten for it, longest unused first: metrics stay bounded. */
const usagesMax = 10_000;

/** Nobody comes back to this after so long: Kafka forgets its sensors after an hour. */
const unusedMsMax = 3_600_000;

const kinds = {
  Produce: "producer_byte_rate",
  Fetch: "consumer_byte_rate",
  Request: "request_percentage",
  ControllerMutation: "controller_mutation_rate",
} as const;

/**
 * The quotas that the metadata holds, and what clients have used of them. Where nobody is limited
 * a request costs the look at one field.
 */
export class ClientQuotas implements MetadataListener, QuotaLedger {
  readonly clock: Clock;
  readonly windows: SampleWindows;
  readonly connectionRates: ConnectionRates;
  readonly #usageOptions: UsageOptions;
  readonly #limits = new Map<QuotaKind, QuotaLimits>();
  /** In the order in which they were used last. */
  readonly #usages = new Map<string, ClientUsage>();
  #isActive = false;

  constructor({ config, clock, metrics }: ClientQuotasOptions) {
    this.clock = clock;
    this.windows = {
      samples: config.quotaWindowNum,
      windowMs: config.quotaWindowSizeSeconds * 1000,
    };
    const controllerWindows = {
      samples: config.controllerQuotaWindowNum,
      windowMs: config.controllerQuotaWindowSizeSeconds * 1000,
    };
    const nowMs = (): number => clock.monotonicMs();
    this.#usageOptions = { windows: this.windows, controllerWindows, metrics, nowMs };
    this.connectionRates = new ConnectionRates(this.windows);
  }

  onMetadata({ delta, image }: MetadataUpdate): void {
    if (delta.clientQuotas) this.update([...image.clientQuotas.values()]);
  }

  /** Applies the quotas of the metadata; what clients have used stays counted. */
  update(quotas: readonly ClientQuota[]): void {
    this.#limits.clear();
    for (const kind of ["Produce", "Fetch", "Request", "ControllerMutation"] as const) {
      const limits = new QuotaLimits(quotas, kinds[kind]);
      if (!limits.isEmpty) this.#limits.set(kind, limits);
    }
    this.#isActive = this.#limits.size > 0;
    this.connectionRates.update(quotas);
    if (!this.#isActive) {
      for (const usage of this.#usages.values()) this.#forget(usage);
    }
  }

  /** Begins to count a request; undefined where nobody is limited. */
  begin(user: string, clientId: string | null, frameBytes: number): RequestQuota | undefined {
    if (!this.#isActive) return undefined;
    return new RequestQuota(this, { user, clientId: boundedClientId(clientId ?? "") }, frameBytes);
  }

  limited(kind: QuotaKind, { user, clientId }: QuotaClient): LimitedUsage | undefined {
    const match = this.#limits.get(kind)?.match(user, clientId);
    if (match === undefined) return undefined;
    return { limit: match.limit, usage: this.#usageOf(match.user, match.clientId) };
  }

  #usageOf(user: string, clientId: string): ClientUsage {
    const key = clientKey(user, clientId);
    const nowMs = this.#usageOptions.nowMs();
    let usage = this.#usages.get(key);
    if (usage === undefined) {
      this.#makeRoom(nowMs);
      usage = new ClientUsage(this.#usageOptions, user, clientId);
    } else {
      this.#usages.delete(key);
    }
    usage.usedMs = nowMs;
    this.#usages.set(key, usage);
    return usage;
  }

  #makeRoom(nowMs: number): void {
    for (const usage of this.#usages.values()) {
      const isFull = this.#usages.size >= usagesMax;
      if (!isFull && nowMs - usage.usedMs < unusedMsMax) break;
      this.#forget(usage);
    }
  }

  #forget({ labels }: ClientUsage): void {
    this.#usages.delete(clientKey(labels.user, labels.client_id));
    this.#usageOptions.metrics.remove(labels);
  }
}
