import type { MetadataListener, MetadataUpdate } from "@millrace/metadata";
import { configResourceOfKey } from "@millrace/metadata";
import type { Clock, Counter, Logger, Metrics, Random } from "@millrace/platform";
import {
  codecOfId,
  crc32c,
  DecompressionError,
  type ErrorName,
  MalformedMessageError,
  type Uuid,
  uuidFromBytes,
  uuidToBytes,
  ZERO_UUID,
} from "@millrace/protocol";

import { ClientSeries, clientSeriesExposition, SeriesBudget } from "./client-series.ts";
import {
  type ClientAttributes,
  MetricsSubscriptions,
  type WantedMetrics,
} from "./metrics-subscriptions.ts";
import { decodeOtlpMetrics, type MetricSample } from "./otlp-metrics.ts";
import { type TelemetryInstance, TelemetryInstances } from "./telemetry-instances.ts";

/** Series of one client, and of all of them, that are held and shown. */
const seriesOfClientMax = 1_000;
const seriesMax = 50_000;

/** Labels that one series may have of its client's making. */
const attributesMax = 24;

/** Bytes that a report may grow to, as a multiple of telemetry.max.bytes. */
const decompressionFactor = 16;

/** What client telemetry works with. */
export interface ClientTelemetryOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** `telemetry.max.bytes`. */
  readonly bytesMax: () => number;
}

/** Who asks or pushes. */
export interface TelemetryClient extends Omit<ClientAttributes, "client_instance_id"> {
  /** Stands for the connection, as the same object at every request of it. */
  readonly connection: object;
}

/** What a client that asks is told. */
export type SubscriptionReply =
  | { readonly error: Exclude<ErrorName, "NONE"> }
  | {
      readonly error: "NONE";
      readonly clientInstanceId: Uuid;
      readonly subscriptionId: number;
      readonly wanted: WantedMetrics;
      readonly bytesMax: number;
    };

/** A report as it was pushed. */
export interface TelemetryPush {
  readonly clientInstanceId: Uuid;
  readonly subscriptionId: number;
  readonly isTerminating: boolean;
  readonly compressionType: number;
  readonly metrics: Buffer;
}

/**
 * Clients' metrics (KIP-714): tells clients what is wanted of them, takes what they push, and
 * shows it for as long as they are there. Nobody's records depend on it; nothing of it is kept on
 * disk but the subscriptions, which are metadata.
 */
export class ClientTelemetry implements MetadataListener {
  readonly #options: ClientTelemetryOptions;
  readonly #subscriptions: MetricsSubscriptions;
  readonly #instances = new TelemetryInstances();
  readonly #budget = new SeriesBudget(seriesMax);
  readonly #counters: TelemetryCounters;

  constructor(options: ClientTelemetryOptions) {
    this.#options = options;
    this.#subscriptions = new MetricsSubscriptions(options.logger);
    this.#counters = createCounters(options.metrics);
    options.metrics.gauge(
      {
        name: "kafka_server_client_metrics_instance_count",
        help: "Clients that are known to client telemetry.",
      },
      () => this.#instances.living(this.#nowMs()).length,
    );
    options.metrics.gauge(
      { name: "millrace_client_telemetry_series", help: "Series of clients that are shown." },
      () => this.#budget.used,
    );
  }

  onMetadata({ delta, image }: MetadataUpdate): void {
    for (const key of delta.configs.keys()) {
      if (configResourceOfKey(key).type !== "client-metrics") continue;
      this.#subscriptions.follow(image);
      return;
    }
  }

  /** Answers GetTelemetrySubscriptions: a client without an id is given one. */
  subscriptionsOf(clientInstanceId: Uuid, client: TelemetryClient): SubscriptionReply {
    const id = clientInstanceId === ZERO_UUID ? this.#freshId() : clientInstanceId;
    const instance = this.#instance(id, client);
    const nowMs = this.#nowMs();
    const lastMs = Math.max(instance.lastGetMs, instance.lastPushMs);
    if (nowMs - lastMs < instance.wanted.intervalMs) {
      this.#counters.throttled.add(1);
      return { error: "THROTTLING_QUOTA_EXCEEDED" };
    }
    instance.lastGetMs = nowMs;
    const { subscriptionId, wanted } = instance;
    const bytesMax = this.#options.bytesMax();
    return { error: "NONE", clientInstanceId: id, subscriptionId, wanted, bytesMax };
  }

  /** Takes a report; gives what PushTelemetry is answered with. */
  push(push: TelemetryPush, client: TelemetryClient): ErrorName {
    if (isReserved(push.clientInstanceId)) return "INVALID_REQUEST";
    const instance = this.#instance(push.clientInstanceId, client);
    const refusal = this.#refusal(push, instance);
    if (refusal === undefined || !instance.isTerminating) {
      instance.isTerminating = push.isTerminating;
    }
    if (refusal !== undefined) return refusal;
    return push.metrics.length === 0 ? "NONE" : this.#take(push, instance);
  }

  /** Forgets who came over a connection that is closed, as Apache Kafka does. */
  disconnected(connection: object): void {
    this.#instances.disconnected(connection);
  }

  /** What clients have pushed, in Prometheus' text format. */
  exposition(): string {
    const living = this.#instances.living(this.#nowMs());
    return clientSeriesExposition(living.map(({ series }) => series));
  }

  /** The checks of a push, in Apache Kafka's order. */
  #refusal(push: TelemetryPush, instance: TelemetryInstance): ErrorName | undefined {
    if (instance.isTerminating) return "INVALID_REQUEST";
    if (!this.#mayPush(instance) && !push.isTerminating) {
      this.#counters.throttled.add(1);
      return "THROTTLING_QUOTA_EXCEEDED";
    }
    if (push.subscriptionId !== instance.subscriptionId) {
      this.#counters.unknownSubscription.add(1);
      return "UNKNOWN_SUBSCRIPTION_ID";
    }
    if (codecOfId(push.compressionType) === undefined) return "UNSUPPORTED_COMPRESSION_TYPE";
    return push.metrics.length > this.#options.bytesMax() ? "TELEMETRY_TOO_LARGE" : undefined;
  }

  /** After asking, one push may come at once: clients shift their first one by chance. */
  #mayPush(instance: TelemetryInstance): boolean {
    const nowMs = this.#nowMs();
    const { lastGetMs, lastPushMs, wanted } = instance;
    if (lastGetMs <= lastPushMs && nowMs - lastPushMs < wanted.intervalMs) return false;
    instance.lastPushMs = nowMs;
    return true;
  }

  #take(push: TelemetryPush, instance: TelemetryInstance): ErrorName {
    const decoded = this.#decode(push);
    if (typeof decoded === "string") {
      this.#counters.failed.add(1);
      return decoded;
    }
    let droppedCount = decoded.droppedCount;
    for (const sample of decoded.samples) {
      if (!instance.series.record(sample)) droppedCount += 1;
    }
    this.#counters.taken.add(1);
    this.#counters.dropped.add(droppedCount);
    return "NONE";
  }

  #decode(push: TelemetryPush): Decoded | ErrorName {
    const sizeBytesMax = decompressionFactor * this.#options.bytesMax();
    try {
      const bytes = codecOfId(push.compressionType)?.decompress(push.metrics, sizeBytesMax);
      if (bytes === undefined) return "UNSUPPORTED_COMPRESSION_TYPE";
      return decodeOtlpMetrics(bytes, { samplesMax: seriesOfClientMax, attributesMax });
    } catch (error) {
      if (error instanceof DecompressionError) {
        return error.reason === "too large" ? "TELEMETRY_TOO_LARGE" : "INVALID_RECORD";
      }
      if (error instanceof MalformedMessageError) return "INVALID_RECORD";
      throw error;
    }
  }

  #instance(id: Uuid, client: TelemetryClient): TelemetryInstance {
    const nowMs = this.#nowMs();
    const known = this.#instances.get(id, nowMs);
    const instance = known ?? this.#createInstance(id, client);
    if (instance.subscriptionsVersion !== this.#subscriptions.version) this.#subscribe(instance);
    this.#instances.heard(instance, client.connection, nowMs);
    return instance;
  }

  #createInstance(id: Uuid, client: TelemetryClient): TelemetryInstance {
    const { connection, ...named } = client;
    const attributes: ClientAttributes = { client_instance_id: id, ...named };
    const { client_source_port: _, ...labels } = attributes;
    return {
      id,
      connection,
      attributes,
      wanted: { metrics: [], intervalMs: 0 },
      subscriptionId: 0,
      subscriptionsVersion: -1,
      lastGetMs: Number.NEGATIVE_INFINITY,
      lastPushMs: Number.NEGATIVE_INFINITY,
      isTerminating: false,
      expiresMs: 0,
      series: new ClientSeries({
        budget: this.#budget,
        seriesMax: seriesOfClientMax,
        labels: new Map(Object.entries(labels)),
      }),
    };
  }

  /** New subscriptions: whoever comes next is told at once, however short ago it asked. */
  #subscribe(instance: TelemetryInstance): void {
    instance.wanted = this.#subscriptions.wantedOf(instance.attributes);
    instance.subscriptionId = subscriptionIdOf(instance.wanted, instance.id);
    instance.subscriptionsVersion = this.#subscriptions.version;
    instance.lastGetMs = Number.NEGATIVE_INFINITY;
    instance.lastPushMs = Number.NEGATIVE_INFINITY;
    instance.isTerminating = false;
  }

  #freshId(): Uuid {
    for (;;) {
      const id = uuidFromBytes(this.#options.random.bytes(16));
      if (!isReserved(id)) return id;
    }
  }

  /** Whole milliseconds, as clients count their intervals. */
  #nowMs(): number {
    return Math.round(this.#options.clock.monotonicMs());
  }
}

interface Decoded {
  readonly samples: readonly MetricSample[];
  readonly droppedCount: number;
}

interface TelemetryCounters {
  readonly taken: Counter;
  readonly failed: Counter;
  readonly throttled: Counter;
  readonly unknownSubscription: Counter;
  readonly dropped: Counter;
}

function createCounters(metrics: Metrics): TelemetryCounters {
  const counter = (name: string, help: string): Counter =>
    metrics.counter({ name: `kafka_server_client_metrics_${name}`, help });
  return {
    taken: counter("plugin_export_count", "Reports of clients that were taken."),
    failed: counter("plugin_error_count", "Reports of clients that could not be read."),
    throttled: counter("throttle_count", "Requests of client telemetry that came too early."),
    unknownSubscription: counter(
      "unknown_subscription_request_count",
      "Reports for a subscription that is not the client's.",
    ),
    dropped: metrics.counter({
      name: "millrace_client_telemetry_dropped_total",
      help: "Measurements of clients that were over a limit, or of a kind that is not shown.",
    }),
  };
}

/** Ids that no client may have: zero, one and those that begin like a topic of the metadata. */
function isReserved(id: Uuid): boolean {
  const bytes = uuidToBytes(id);
  return bytes.subarray(0, 15).every((byte) => byte === 0) && (bytes[15] ?? 0) <= 1;
}

/**
 * The same for the same metrics, interval and client, whichever broker is asked: CRC-32C of what
 * is wanted, mixed with the id (KIP-714).
 */
function subscriptionIdOf({ metrics, intervalMs }: WantedMetrics, id: Uuid): number {
  const bytes = uuidToBytes(id);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wanted = Buffer.from(`[${metrics.join(", ")}]${intervalMs}`);
  let folded = crc32c(wanted, 0, wanted.length);
  for (let position = 0; position < bytes.length; position += 4) {
    folded ^= view.getInt32(position);
  }
  return folded | 0;
}
