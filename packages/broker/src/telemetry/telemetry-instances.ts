import type { Uuid } from "@millrace/protocol";

import type { ClientAttributes, WantedMetrics } from "./metrics-subscriptions.ts";
import type { ClientSeries } from "./client-series.ts";

/** One client that reports, or may report, its metrics. */
export interface TelemetryInstance {
  readonly id: Uuid;
  /** The connection that it came over last. */
  connection: object;
  readonly attributes: ClientAttributes;
  wanted: WantedMetrics;
  subscriptionId: number;
  /** The version of the subscriptions that `wanted` was worked out with. */
  subscriptionsVersion: number;
  /** Monotonic milliseconds; negative infinity for never. */
  lastGetMs: number;
  lastPushMs: number;
  /** It has said that it sends nothing more. */
  isTerminating: boolean;
  expiresMs: number;
  readonly series: ClientSeries;
}

/** How long a client is remembered at least, and how many of its intervals. */
const EXPIRY_MS_MIN = 60_000;
const EXPIRY_INTERVALS = 3;

/** Clients that are remembered at most; the one that was heard of longest ago goes first. */
export const telemetryInstancesMax = 16_384;

/** The clients that report their metrics, by instance id: bounded in number and in time. */
export class TelemetryInstances {
  readonly #instancesMax: number;
  /** In the order in which they were heard of last. */
  readonly #byId = new Map<Uuid, TelemetryInstance>();
  readonly #byConnection = new Map<object, TelemetryInstance>();

  constructor(instancesMax: number = telemetryInstancesMax) {
    this.#instancesMax = instancesMax;
  }

  /** How many are remembered. */
  get size(): number {
    return this.#byId.size;
  }

  /** The one with this id; undefined when there is none, or its time is over. */
  get(id: Uuid, nowMs: number): TelemetryInstance | undefined {
    const instance = this.#byId.get(id);
    if (instance === undefined || instance.expiresMs > nowMs) return instance;
    this.#forget(instance);
    return undefined;
  }

  /** Notes that a client was heard of, over this connection; it is remembered from now on. */
  heard(instance: TelemetryInstance, connection: object, nowMs: number): void {
    if (instance.connection !== connection) this.#byConnection.delete(instance.connection);
    instance.connection = connection;
    instance.expiresMs =
      nowMs + Math.max(EXPIRY_MS_MIN, EXPIRY_INTERVALS * instance.wanted.intervalMs);
    this.#byId.delete(instance.id);
    this.#byId.set(instance.id, instance);
    this.#byConnection.set(connection, instance);
    this.#evict();
  }

  /** Forgets whoever came over a connection that is closed. */
  disconnected(connection: object): void {
    const instance = this.#byConnection.get(connection);
    if (instance !== undefined) this.#forget(instance);
  }

  /** Every client whose time is not over; those whose time is over are forgotten. */
  living(nowMs: number): readonly TelemetryInstance[] {
    for (const instance of this.#byId.values()) {
      if (instance.expiresMs <= nowMs) this.#forget(instance);
    }
    return [...this.#byId.values()];
  }

  #evict(): void {
    if (this.#byId.size <= this.#instancesMax) return;
    const [oldest] = this.#byId.values();
    if (oldest !== undefined) this.#forget(oldest);
  }

  #forget(instance: TelemetryInstance): void {
    this.#byId.delete(instance.id);
    if (this.#byConnection.get(instance.connection) === instance) {
      this.#byConnection.delete(instance.connection);
    }
    instance.series.clear();
  }
}
