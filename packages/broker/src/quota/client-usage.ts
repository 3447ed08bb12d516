import type { Metrics } from "@millrace/platform";

import { SampledSum, type SampleWindows } from "./sampled-sum.ts";
import { TokenBucket } from "./token-bucket.ts";

/** What is limited as a rate over windows, in Kafka's names of its metrics. */
export type RateKind = "Produce" | "Fetch" | "Request";

const rateAttributes = {
  Produce: ["byte_rate", "Bytes a second that a client produces."],
  Fetch: ["byte_rate", "Bytes a second that a client fetches."],
  Request: ["request_time", "Percent of the event loop's time that a client's requests take."],
} as const;

/** What a client's usage is measured with. */
export interface UsageOptions {
  readonly windows: SampleWindows;
  readonly controllerWindows: SampleWindows;
  readonly metrics: Metrics;
  readonly nowMs: () => number;
}

/** What clients have used that share one limit, and how long they were told to wait. */
export class ClientUsage {
  readonly #options: UsageOptions;
  /** Kafka's tags: what the usage is counted for. */
  readonly labels: { readonly user: string; readonly client_id: string };
  readonly #rates = new Map<RateKind, SampledSum>();
  #mutations: TokenBucket | undefined;
  #mutationLimit = 1;
  readonly #throttles = new Map<string, Throttles>();
  /** When it was last asked for. */
  usedMs: number;

  constructor(options: UsageOptions, user: string, clientId: string) {
    this.#options = options;
    this.labels = { user, client_id: clientId };
    this.usedMs = options.nowMs();
  }

  /** The rate of one kind, made and shown as a metric at the first call. */
  rate(kind: RateKind): SampledSum {
    let rate = this.#rates.get(kind);
    if (rate === undefined) {
      rate = new SampledSum(this.#options.windows);
      this.#rates.set(kind, rate);
      const [attribute, help] = rateAttributes[kind];
      const shown = rate;
      this.#gauge(`${kind}_${attribute}`, help, () => shown.perSecond(this.#options.nowMs()));
    }
    return rate;
  }

  /** The tokens for changes of metadata, which come at a rate of `limit` now. */
  mutations(limit: number): TokenBucket {
    this.#mutationLimit = limit;
    if (this.#mutations === undefined) {
      const bucket = new TokenBucket(this.#options.controllerWindows);
      this.#mutations = bucket;
      this.#gauge("ControllerMutation_tokens", "Changes of metadata that a client has left.", () =>
        bucket.tokens(this.#mutationLimit, this.#options.nowMs()),
      );
    }
    return this.#mutations;
  }

  /** Notes that a client was told to wait. */
  throttled(kind: RateKind | "ControllerMutation", throttleMs: number): void {
    let throttles = this.#throttles.get(kind);
    if (throttles === undefined) {
      throttles = new Throttles(this.#options.windows);
      this.#throttles.set(kind, throttles);
      const shown = throttles;
      this.#gauge(`${kind}_throttle_time`, "Milliseconds that a client is told to wait.", () =>
        shown.average(this.#options.nowMs()),
      );
    }
    throttles.record(throttleMs, this.#options.nowMs());
  }

  #gauge(attribute: string, help: string, read: () => number): void {
    const name = `kafka_server_${attribute}`;
    this.#options.metrics.gauge({ name, help, labels: this.labels }, read);
  }
}

/** The average of what clients were told to wait. */
class Throttles {
  readonly #sum: SampledSum;
  readonly #count: SampledSum;

  constructor(windows: SampleWindows) {
    this.#sum = new SampledSum(windows);
    this.#count = new SampledSum(windows);
  }

  record(throttleMs: number, nowMs: number): void {
    this.#sum.record(throttleMs, nowMs);
    this.#count.record(1, nowMs);
  }

  average(nowMs: number): number {
    const count = this.#count.sum(nowMs);
    return count === 0 ? 0 : this.#sum.sum(nowMs) / count;
  }
}
