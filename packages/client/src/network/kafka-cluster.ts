import type { Clock, Logger, Metrics, Platform, Random } from "@millrace/platform";
import type { ApiSchema, BrokerId, Versions } from "@millrace/protocol";
import type {
  Answer,
  CloseOptions,
  Closing,
  Cluster,
  CoordinatorKind,
  RequestFor,
  SendOptions,
  WaitOptions,
} from "../cluster.ts";
import { asKafkaError, KafkaError } from "../errors/kafka-error.ts";
import { Deadline } from "../retry/deadline.ts";
import { ClusterMetadata } from "../metadata/cluster-metadata.ts";
import { Coordinators } from "../metadata/coordinators.ts";
import type { ResolvedClientOptions } from "../options/resolved-options.ts";
import { abortedError, throwIfAborted, within } from "../retry/wait.ts";
import { ClientMetrics } from "../telemetry/client-metrics.ts";
import { TelemetryReporter } from "../telemetry/telemetry-reporter.ts";
import { traceRequest } from "../diagnostics/channels.ts";
import { type BrokerLink, defaultLane } from "./broker-link.ts";
import { BrokerDirectory } from "./broker-directory.ts";
import { Call } from "./call.ts";

/** Gives the `Cluster` that speaks to brokers; it connects when it is asked something. */
export function openCluster(platform: Platform, options: ResolvedClientOptions): Cluster {
  return new KafkaCluster(platform, options);
}

class KafkaCluster implements Cluster {
  readonly metadata: ClusterMetadata;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly options: ResolvedClientOptions;
  readonly #directory: BrokerDirectory;
  readonly #coordinators: Coordinators;
  readonly #telemetry: TelemetryReporter;
  readonly #closing = new AbortController();
  readonly #parts = { reader: new Set<Closing>(), writer: new Set<Closing>() };
  #ended: Promise<void> | undefined;

  constructor(platform: Platform, options: ResolvedClientOptions) {
    this.clock = platform.clock;
    this.random = platform.random;
    this.logger = platform.logger;
    this.metrics = platform.metrics;
    this.options = options;
    const metrics = new ClientMetrics(platform.metrics);
    this.#directory = new BrokerDirectory(platform, options, metrics);
    this.metadata = new ClusterMetadata({ cluster: this, directory: this.#directory });
    this.#coordinators = new Coordinators({ cluster: this, directory: this.#directory });
    this.#telemetry = new TelemetryReporter({ cluster: this, metrics });
    if (!options.enableMetricsPush) return;
    // The first answer shows that there is a cluster to report to.
    const stop = this.metadata.onChange(() => {
      stop();
      this.#telemetry.start();
    });
  }

  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  send<A extends ApiSchema>(
    target: BrokerId,
    api: A,
    request: RequestFor<A>,
    options: SendOptions = {},
  ): Promise<Answer<A>> {
    try {
      throwIfAborted(options.signal, api.name);
      return this.#sendTo(this.#directory.link(target), api, request, options);
    } catch (error) {
      if (error instanceof KafkaError && error.code === "BROKER_NOT_AVAILABLE") {
        void this.metadata.refreshSoon(error.reason);
      }
      return Promise.reject(asKafkaError(error, "NETWORK_EXCEPTION", { what: api.name }));
    }
  }

  async sendToAny<A extends ApiSchema>(
    api: A,
    request: RequestFor<A>,
    options: SendOptions = {},
  ): Promise<Answer<A>> {
    const link = await this.#anyLink(api.name, options);
    return this.#sendTo(link, api, request, options);
  }

  async sendToController<A extends ApiSchema>(
    api: A,
    request: RequestFor<A>,
    options: SendOptions = {},
  ): Promise<Answer<A>> {
    const { controllerId } = this.metadata;
    if (controllerId < 0 || this.metadata.broker(controllerId) === undefined) {
      return this.sendToAny(api, request, options);
    }
    return this.send(controllerId, api, request, options);
  }

  coordinator(kind: CoordinatorKind, key: string, options: WaitOptions = {}): Promise<BrokerId> {
    return this.#coordinators.find(kind, key, options);
  }

  forgetCoordinator(kind: CoordinatorKind, key: string): void {
    this.#coordinators.forget(kind, key);
  }

  async versionsOf(target: BrokerId, api: ApiSchema): Promise<Versions | undefined> {
    const link = this.#directory.link(target);
    if (link.table() === undefined) await link.whenReady();
    return link.table()?.versions.get(api.key);
  }

  async features(options: WaitOptions = {}): Promise<ReadonlyMap<string, number>> {
    const link = await this.#anyLink("features", options);
    return link.table()?.features ?? new Map();
  }

  connect(target: BrokerId, lane?: string): Promise<void> {
    try {
      return this.#directory.link(target).whenReady(lane);
    } catch (error) {
      return Promise.reject(asKafkaError(error, "NETWORK_EXCEPTION", { what: "connecting" }));
    }
  }

  beforeClose(kind: "reader" | "writer", close: Closing): () => void {
    const parts = this.#parts[kind];
    parts.add(close);
    return () => {
      parts.delete(close);
    };
  }

  close(options: CloseOptions = {}): Promise<void> {
    this.#ended ??= this.#end(options);
    return this.#ended;
  }

  async #end({ timeoutMs }: CloseOptions): Promise<void> {
    const deadline = timeoutMs === undefined ? undefined : new Deadline(this.clock, timeoutMs);
    for (const parts of [this.#parts.reader, this.#parts.writer]) {
      if (parts.size === 0) continue;
      const limit = deadline === undefined ? {} : { timeoutMs: deadline.remainingMs() };
      const ended = await Promise.allSettled([...parts].map((close) => close(limit)));
      for (const one of ended) {
        if (one.status === "fulfilled") continue;
        this.logger.warn("a part of the client could not be closed", { error: String(one.reason) });
      }
    }
    const lastReport = this.#telemetry.end();
    if (lastReport !== undefined) await lastReport;
    const error = new KafkaError("CLIENT_CLOSED", "the client was closed");
    this.#closing.abort(error);
    this.metadata.end();
    this.#directory.end(error);
  }

  #sendTo<A extends ApiSchema>(
    link: BrokerLink,
    api: A,
    request: RequestFor<A>,
    options: SendOptions,
  ): Promise<Answer<A>> {
    const timeoutMs = options.timeoutMs ?? this.options.requestTimeoutMs;
    const call = new Call({ clock: this.clock, api, request, timeoutMs, options });
    link.send(call, options.lane);
    return traceRequest(
      () => ({
        api: api.name,
        node: link.id,
        lane: options.lane ?? defaultLane,
        clientId: this.options.clientId,
      }),
      () => call.answer,
    );
  }

  /** A link with a connection: the first, by load, that can be connected to. */
  async #anyLink(what: string, options: SendOptions & WaitOptions): Promise<BrokerLink> {
    const { clock, closed } = this;
    if (closed.aborted) throw abortedError(closed, what);
    const timeoutMs = options.timeoutMs ?? this.options.requestTimeoutMs;
    const wait = within(this.#connectAny(options), {
      clock,
      timeoutMs,
      signal: options.signal,
      what,
      timedOut: () =>
        new KafkaError(
          "BOOTSTRAP_UNREACHABLE",
          `${what}: no broker was reached in ${Math.round(timeoutMs)} ms`,
        ),
    });
    return wait;
  }

  async #connectAny(options: SendOptions): Promise<BrokerLink> {
    const known = await this.#firstThatConnects(options);
    if (known instanceof BrokerLinkFound) return known.link;
    const mayBegin = this.options.metadataRecoveryStrategy === "rebootstrap";
    if (this.#directory.isBootstrap || !mayBegin) throw unreachableError(known);
    this.logger.info("no known broker can be reached: the client begins again from bootstrap");
    this.#directory.bootstrap();
    const again = await this.#firstThatConnects(options);
    if (again instanceof BrokerLinkFound) return again.link;
    throw unreachableError(again);
  }

  async #firstThatConnects(options: SendOptions): Promise<BrokerLinkFound | KafkaError> {
    let last = new KafkaError("BOOTSTRAP_UNREACHABLE", "no broker is known");
    for (const link of this.#directory.byLoad(options.lane)) {
      try {
        await link.whenReady(options.lane);
        return new BrokerLinkFound(link);
      } catch (error) {
        last = asKafkaError(error, "NETWORK_EXCEPTION", { what: "connecting" });
        if (last.code !== "NETWORK_EXCEPTION" && last.code !== "REQUEST_TIMED_OUT") throw last;
      }
    }
    return last;
  }
}

class BrokerLinkFound {
  readonly link: BrokerLink;

  constructor(link: BrokerLink) {
    this.link = link;
  }
}

function unreachableError(cause: KafkaError): KafkaError {
  const message = `no broker can be reached; the last said: ${cause.reason}`;
  return new KafkaError("BOOTSTRAP_UNREACHABLE", message, { cause });
}
