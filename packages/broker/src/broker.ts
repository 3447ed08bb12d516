import type { Platform } from "@millrace/platform";
import { type EmbeddedMetadata, type SupportedFeature } from "@millrace/metadata";
import { isUuid, type Uuid, uuidFromBytes } from "@millrace/protocol";
import type { LogCleaner, LogDirectories, LogDirectory } from "@millrace/storage";

import { ApiTable } from "./api/api-table.ts";
import { brokerHandlers } from "./api/table.ts";
import type { DynamicBrokerConfig } from "./config/index.ts";
import { warnOfOpenListeners } from "./lifecycle/open-listeners.ts";
import { advertisedEndpoints } from "./lifecycle/advertised-endpoints.ts";
import { ConfigFollower } from "./lifecycle/config-follower.ts";
import { createServices } from "./lifecycle/create-services.ts";
import { DirectoryAssignments } from "./lifecycle/directory-assignments.ts";
import { Registration } from "./lifecycle/registration.ts";
import { startHttp } from "./lifecycle/http-endpoints.ts";
import { createLogCleaner } from "./lifecycle/log-cleaner.ts";
import { type LogConfigOf, logConfigResolver } from "./lifecycle/log-configs.ts";
import { Credentials } from "./lifecycle/credentials.ts";
import { ListenerTls } from "./lifecycle/listener-tls.ts";
import { createSocketServer, listenerLimitsOf } from "./lifecycle/listeners.ts";
import { registerBrokerGauges } from "./metrics/broker-gauges.ts";
import { BrokerTraffic } from "./metrics/topic-traffic.ts";
import { ReplicaSet } from "./replication/replica-set.ts";
import type { HttpServer } from "./server/http-server.ts";
import type { BoundListener, SocketServer } from "./server/socket-server.ts";
import type { BrokerServices } from "./services.ts";

/** What a broker is made of; whoever composes it opens folders and metadata before. */
export interface BrokerOptions {
  readonly platform: Platform;
  readonly dynamicConfig: DynamicBrokerConfig;
  readonly clusterId: string;
  /** What is advertised for a listener without a host. */
  readonly machineName: string;
  readonly logs: LogDirectories;
  readonly metadata: EmbeddedMetadata;
  readonly supportedFeatures: readonly SupportedFeature[];
}

/**
 * One broker: its replicas, its listeners, its standing with the controller. `start` resolves once
 * clients are served; `close` finishes what is under way, makes it durable and marks the folders
 * clean.
 */
export class Broker {
  readonly #options: BrokerOptions;
  readonly #services: BrokerServices;
  readonly #logConfigOf: LogConfigOf;
  readonly #replicas: ReplicaSet;
  readonly #registration: Registration;
  readonly #server: SocketServer;
  readonly #cleaner: LogCleaner;
  readonly #assignments: DirectoryAssignments;
  readonly #listenerTls: ListenerTls;
  readonly #credentials: Credentials;
  #http: HttpServer | undefined;
  #bound: readonly BoundListener[] = [];
  #closing: Promise<void> | undefined;

  constructor(options: BrokerOptions) {
    this.#options = options;
    this.#logConfigOf = logConfigResolver(options.dynamicConfig);
    this.#replicas = createReplicas(options, this.#logConfigOf);
    this.#registration = createRegistration(options);
    const { platform, dynamicConfig, logs, metadata } = options;
    this.#assignments = new DirectoryAssignments({
      controller: metadata.controller,
      replicas: this.#replicas,
      logs,
      clock: platform.clock,
      logger: platform.logger,
      identity: () => this.#registration.identity(),
    });
    this.#services = createServices({
      ...options,
      replicas: this.#replicas,
      registration: this.#registration,
      assignments: this.#assignments,
    });
    this.#cleaner = createLogCleaner(platform, logs, dynamicConfig);
    this.#listenerTls = new ListenerTls({ ...platform, dynamicConfig });
    this.#credentials = new Credentials({ ...platform, ...this.#services });
    this.#server = createSocketServer({
      platform,
      services: this.#services,
      table: new ApiTable(brokerHandlers),
    });
  }

  /** The bound listeners of clients, in the order of the configuration. */
  get listeners(): readonly BoundListener[] {
    return this.#bound;
  }

  /** The port of `/metrics`; 0 when it is not served. */
  get httpPort(): number {
    return this.#http?.port ?? 0;
  }

  /** What requests work with: for those who embed the broker and create topics without a client. */
  get services(): BrokerServices {
    return this.#services;
  }

  /** @throws NetworkError, RegistrationError, or what opening a log throws. */
  async start(): Promise<void> {
    const { dynamicConfig, machineName, metadata, logs, platform } = this.#options;
    const { listeners } = dynamicConfig.current;
    const bound: BoundListener[] = [];
    for (const listener of listeners) {
      const limits = listenerLimitsOf(listener);
      const tls = this.#listenerTls.read(listener);
      bound.push(await this.#server.listen({ ...listener, limits, tls }));
    }
    this.#bound = bound;
    this.#listenerTls.follow(this.#server);
    warnOfOpenListeners(dynamicConfig.current, platform.logger);
    await this.#registration.register(advertisedEndpoints(listeners, bound, machineName));
    const { logger } = platform;
    const brokerId = dynamicConfig.current.nodeId;
    metadata.subscribe(new ConfigFollower({ dynamicConfig, brokerId, logger }));
    await this.#loadLogs();
    metadata.subscribe(this.#replicas);
    metadata.subscribe(this.#assignments);
    // Told where they lie before this broker may lead: a replica that the metadata believes to lie
    // in a directory that is gone would be passed over.
    await this.#assignments.flush();
    metadata.subscribe(this.#services.groups);
    metadata.subscribe(this.#services.transactions);
    metadata.subscribe(this.#services.shares);
    metadata.subscribe(this.#services.sharePartitions);
    metadata.subscribe(this.#services.telemetry);
    metadata.subscribe(this.#services.quotas);
    await this.#registration.unfence();
    await this.#credentials.start();
    logs.start();
    this.#cleaner.start();
    registerBrokerGauges(platform.metrics, this.#services, this.#server);
    this.#server.open();
    this.#http = await startHttp(platform, dynamicConfig.current, {
      isReady: () => this.#closing === undefined,
      clientMetrics: () => this.#services.telemetry.exposition(),
    });
  }

  /** A log directory failed: who waits for its logs is answered, and the controller is told. */
  logDirectoryFailed(directory: LogDirectory): void {
    this.#replicas.wakeOffline();
    const { directoryId } = directory;
    if (this.#registration.brokerEpoch < 0 || directoryId === undefined) return;
    if (!isUuid(directoryId)) return;
    // What the controller does not know to lie there, it would leave with its leader.
    this.#reportFailure(directoryId).catch((error: unknown) => {
      this.#options.platform.logger.error("a failed log directory could not be reported", {
        path: directory.path,
        error,
      });
    });
  }

  async #reportFailure(directoryId: Uuid): Promise<void> {
    await this.#assignments.flush();
    await this.#registration.reportOffline([directoryId]);
  }

  /** Stops in an orderly way. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { logs, metadata, dynamicConfig } = this.#options;
    this.#replicas.drain();
    this.#listenerTls.close();
    this.#credentials.close();
    await this.#server.close(dynamicConfig.current.millraceShutdownTimeoutMs);
    this.#cleaner.close();
    this.#assignments.close();
    await this.#services.logMover.close();
    if (this.#registration.brokerEpoch >= 0) await this.#registration.shutDown();
    this.#services.transactions.stop();
    this.#services.sharePartitions.stop();
    this.#services.shares.stop();
    this.#services.groups.stop();
    this.#replicas.stop();
    this.#services.deadlines.close();
    await logs.close({ brokerEpoch: this.#registration.brokerEpoch });
    await metadata.close();
    await this.#http?.close();
  }

  async #loadLogs(): Promise<void> {
    const { logs, metadata, dynamicConfig, platform } = this.#options;
    const image = metadata.image();
    const brokerId = dynamicConfig.current.nodeId;
    const report = await logs.load({
      recoveriesPerDirectory: dynamicConfig.current.numRecoveryThreadsPerDataDir,
      configOf: (topic) => this.#logConfigOf(topic, image),
      isStray: ({ topic, partition, topicId }) => {
        const known = image.topics.byName.get(topic);
        if (known === undefined || (topicId !== undefined && topicId !== known.id)) return true;
        return known.partitions[partition]?.replicas.includes(brokerId) !== true;
      },
    });
    for (const { path, error } of report.failures) {
      platform.logger.error("a log directory failed and is offline", { path, error });
    }
  }
}

function createReplicas(options: BrokerOptions, logConfigOf: LogConfigOf): ReplicaSet {
  const { dynamicConfig, logs, platform } = options;
  return new ReplicaSet({
    brokerId: dynamicConfig.current.nodeId,
    logs,
    clock: platform.clock,
    logger: platform.logger.child("kafka.server.ReplicaManager"),
    traffic: new BrokerTraffic(platform.metrics),
    logConfigOf,
    syncsAcksAll: () => dynamicConfig.current.millraceAcksAllFsyncEnable,
  });
}

function createRegistration(options: BrokerOptions): Registration {
  const { dynamicConfig, metadata, logs, platform, clusterId } = options;
  const { nodeId, brokerRack } = dynamicConfig.current;
  const working = logs.directories.filter((directory) => !directory.isOffline);
  const cleanEpochs = working.map((directory) => directory.cleanShutdownBrokerEpoch ?? -1);
  return new Registration({
    controller: metadata.controller,
    clock: platform.clock,
    brokerId: nodeId,
    clusterId,
    incarnationId: uuidFromBytes(platform.random.bytes(16)),
    rack: brokerRack,
    features: options.supportedFeatures,
    logDirs: working
      .map((directory) => directory.directoryId)
      .filter((id) => id !== undefined)
      .filter(isUuid),
    // A stop is clean when every directory says so, and says the same.
    previousBrokerEpoch: new Set(cleanEpochs).size === 1 ? (cleanEpochs[0] ?? -1) : -1,
    metadataOffset: () => metadata.image().provenance.lastContainedOffset,
  });
}
