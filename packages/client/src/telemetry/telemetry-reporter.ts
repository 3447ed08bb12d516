import {
  codecOfId,
  errorCodes,
  errorName,
  GetTelemetrySubscriptions,
  PushTelemetry,
  type ResponseOf,
  type Uuid,
  ZERO_UUID,
} from "@millrace/protocol";
import type { Cluster } from "../cluster.ts";
import { waitMs, within } from "../retry/wait.ts";
import type { ClientMetrics, Measurement } from "./client-metrics.ts";
import { KafkaError } from "../errors/kafka-error.ts";
import { encodeReport } from "./otlp.ts";

/** The last report may not hold up the end for longer. */
const lastReportMs = 1_000;
/** Where the broker says nothing usable (Java: 5 min). */
const pushIntervalMsDefault = 300_000;

type Subscription = ResponseOf<typeof GetTelemetrySubscriptions>;

/** What it reports, and through what. */
export interface TelemetryReporterOptions {
  readonly cluster: Pick<Cluster, "clock" | "random" | "logger" | "closed" | "sendToAny">;
  readonly metrics: ClientMetrics;
}

/**
 * Pushes the metrics that the cluster has subscribed to (KIP-714).
 *
 * idle → subscribed → (pushed → …)* → ended. A subscription that changed is fetched anew; a cluster
 * that knows no telemetry, or refuses a report as such, ends it.
 */
export class TelemetryReporter {
  readonly #options: TelemetryReporterOptions;
  #instanceId: Uuid = ZERO_UUID;
  #subscription: Subscription | undefined;
  #startMs = 0;
  #lastSums = new Map<string, number>();
  #isRunning = false;

  constructor(options: TelemetryReporterOptions) {
    this.#options = options;
  }

  /** The client's number in the cluster; undefined before a broker gave one. */
  get instanceId(): Uuid | undefined {
    return this.#instanceId === ZERO_UUID ? undefined : this.#instanceId;
  }

  /** Begins, once. What goes wrong is logged: telemetry never disturbs the client. */
  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#startMs = this.#options.cluster.clock.nowMs();
    this.#run().catch((error: unknown) => {
      const { closed, logger } = this.#options.cluster;
      if (!closed.aborted) logger.debug("telemetry has ended", { error: String(error) });
      this.#subscription = undefined;
    });
  }

  /** Sends the last report, which takes a second at most; undefined when there is none to send. */
  end(): Promise<void> | undefined {
    const subscription = this.#subscription;
    const { clock } = this.#options.cluster;
    if (subscription === undefined || subscription.requestedMetrics.length === 0) return undefined;
    const timedOut = (): KafkaError => new KafkaError("REQUEST_TIMED_OUT", "the last report");
    const limits = { clock, timeoutMs: lastReportMs, timedOut, what: "the last report" };
    return within(this.#push(subscription, true), limits).then(
      () => undefined,
      // It is the last thing that is sent, and nobody needs it.
      () => undefined,
    );
  }

  async #run(): Promise<void> {
    const { closed } = this.#options.cluster;
    let isFirst = true;
    while (!closed.aborted) {
      const subscription = this.#subscription ?? (await this.#subscribe());
      if (subscription === undefined) return;
      this.#subscription = subscription;
      await this.#pause(subscription.pushIntervalMs, isFirst);
      isFirst = false;
      if (subscription.requestedMetrics.length === 0) this.#subscription = undefined;
      else if (!(await this.#pushed(subscription))) return;
    }
  }

  /** Reports come spread over time: all clients of a cluster may have started at once. */
  async #pause(pushIntervalMs: number, isFirst: boolean): Promise<void> {
    const { clock, closed, random } = this.#options.cluster;
    const intervalMs = pushIntervalMs > 0 ? pushIntervalMs : pushIntervalMsDefault;
    await waitMs(clock, intervalMs * (isFirst ? 0.5 + random.nextFloat() : 1), closed);
  }

  async #subscribe(): Promise<Subscription | undefined> {
    const { cluster } = this.#options;
    const clientInstanceId = this.#instanceId;
    const { body } = await cluster.sendToAny(GetTelemetrySubscriptions, { clientInstanceId });
    if (body.errorCode !== errorCodes.NONE) {
      cluster.logger.debug("telemetry is refused", { error: errorName(body.errorCode) });
      return undefined;
    }
    this.#instanceId = body.clientInstanceId;
    return body;
  }

  /** Pushes, and says whether to go on. */
  async #pushed(subscription: Subscription): Promise<boolean> {
    const errorCode = await this.#push(subscription, false);
    if (errorCode === errorCodes.NONE) return true;
    this.#subscription = undefined;
    const mayGoOn: readonly number[] = [
      errorCodes.UNKNOWN_SUBSCRIPTION_ID,
      errorCodes.TELEMETRY_TOO_LARGE,
      errorCodes.THROTTLING_QUOTA_EXCEEDED,
    ];
    return mayGoOn.includes(errorCode);
  }

  async #push(subscription: Subscription, terminating: boolean): Promise<number> {
    const { cluster, metrics } = this.#options;
    const { deltaTemporality: isDelta, requestedMetrics, subscriptionId } = subscription;
    const wanted = metrics.measure().filter(({ name }) => isWanted(name, requestedMetrics));
    const nowMs = cluster.clock.nowMs();
    const report = encodeReport(isDelta ? this.#deltas(wanted) : wanted, {
      startMs: this.#startMs,
      nowMs,
      isDelta,
    });
    if (isDelta) this.#startMs = nowMs;
    const compressionType =
      subscription.acceptedCompressionTypes.find((id) => codecOfId(id) !== undefined) ?? 0;
    const codec = codecOfId(compressionType);
    const { body } = await cluster.sendToAny(PushTelemetry, {
      clientInstanceId: this.#instanceId,
      subscriptionId,
      terminating,
      compressionType,
      metrics: codec === undefined ? report : codec.compress(report),
    });
    return body.errorCode;
  }

  #deltas(measurements: readonly Measurement[]): readonly Measurement[] {
    return measurements.map((one) => {
      if (one.kind === "gauge") return one;
      const last = this.#lastSums.get(one.name) ?? 0;
      this.#lastSums.set(one.name, one.value);
      return { ...one, value: one.value - last };
    });
  }
}

/** Prefixes; one empty prefix, or `*`, stands for all. */
function isWanted(name: string, requested: readonly string[]): boolean {
  return requested.some((prefix) => prefix === "*" || name.startsWith(prefix));
}
