import { compileRegex, type Regex } from "@millrace/coordinators";
import { type ClusterImage, configResourceOfKey } from "@millrace/metadata";
import type { Logger } from "@millrace/platform";

/** Milliseconds between two reports of a client that no subscription asks for anything. */
const DEFAULT_INTERVAL_MS = 300_000;

/** Asks for every metric. */
const allMetrics = "*";

/** What patterns of subscriptions are matched with, by their names in `match` (KIP-714). */
export interface ClientAttributes {
  readonly client_instance_id: string;
  readonly client_id: string;
  readonly client_software_name: string;
  readonly client_software_version: string;
  readonly client_source_address: string;
  readonly client_source_port: string;
}

/** What a client is asked for. */
export interface WantedMetrics {
  /** Prefixes of names, sorted; `*` alone for all; empty for nothing. */
  readonly metrics: readonly string[];
  readonly intervalMs: number;
}

interface Subscription {
  readonly metrics: readonly string[];
  readonly intervalMs: number;
  readonly patterns: ReadonlyMap<string, Regex>;
}

/** The subscriptions to clients' metrics: the CLIENT_METRICS resources of the metadata. */
export class MetricsSubscriptions {
  readonly #logger: Logger;
  #subscriptions: readonly Subscription[] = [];
  #version = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Grows with every change: what was worked out with an older one is to be worked out again. */
  get version(): number {
    return this.#version;
  }

  /** Takes over what the metadata says now. */
  follow(image: ClusterImage): void {
    const subscriptions: Subscription[] = [];
    for (const [key, configs] of image.configs) {
      const { type, name } = configResourceOfKey(key);
      if (type !== "client-metrics") continue;
      const subscription = this.#parse(name, configs);
      if (subscription !== undefined) subscriptions.push(subscription);
    }
    this.#subscriptions = subscriptions;
    this.#version += 1;
  }

  /** What all subscriptions that match a client ask it for, together. */
  wantedOf(client: ClientAttributes): WantedMetrics {
    const attributes = new Map<string, string>(Object.entries(client));
    const metrics = new Set<string>();
    let intervalMs = DEFAULT_INTERVAL_MS;
    for (const subscription of this.#subscriptions) {
      if (!matches(subscription, attributes)) continue;
      for (const metric of subscription.metrics) metrics.add(metric);
      intervalMs = Math.min(intervalMs, subscription.intervalMs);
    }
    return {
      metrics: metrics.has(allMetrics) ? [allMetrics] : [...metrics].sort(),
      intervalMs,
    };
  }

  /** A folder may hold what Apache Kafka accepted and this cannot follow: nobody matches it. */
  #parse(name: string, configs: ReadonlyMap<string, string>): Subscription | undefined {
    const patterns = new Map<string, Regex>();
    for (const element of listOf(configs.get("match"))) {
      const equals = element.indexOf("=");
      const compiled = compileRegex(element.slice(equals + 1).trim());
      if (equals < 0 || compiled.kind === "refused") {
        this.#logger.warn("a subscription to client metrics matches nobody", { name, element });
        return undefined;
      }
      patterns.set(element.slice(0, equals).trim(), compiled.regex);
    }
    const intervalMs = Number(configs.get("interval.ms") ?? DEFAULT_INTERVAL_MS);
    return { metrics: listOf(configs.get("metrics")), intervalMs, patterns };
  }
}

function matches({ patterns }: Subscription, attributes: ReadonlyMap<string, string>): boolean {
  for (const [name, regex] of patterns) {
    const value = attributes.get(name);
    if (value === undefined || !regex.matches(value)) return false;
  }
  return true;
}

function listOf(text: string | undefined): readonly string[] {
  return (text ?? "")
    .split(",")
    .map((element) => element.trim())
    .filter((element) => element !== "");
}
